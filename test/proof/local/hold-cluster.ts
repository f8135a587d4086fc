import { startCluster } from '../../../src/proof/local/start-cluster.ts';

/**
 * A process that has a cluster and does not close it. Arguments: the folder of the binaries, the parent of the
 * cluster's, and `exit` for a process that ends by itself.
 */
const [folder = '', parent = '', how = ''] = process.argv.slice(2);
const started = await startCluster({
  binaries: { folder, major: 0, version: '' },
  longestRequest: 10_000,
  parents: [parent],
});
if (!started.ok) throw new Error(started.reason);
process.stdout.write(`${started.cluster.folder}\n`);
if (how === 'exit') process.exit(0);
setInterval(() => undefined, 1_000);
