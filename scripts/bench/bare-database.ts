/**
 * The units of the bench of proofs, each a process of its own: SQL that is executed and nothing else.
 *
 *   node scripts/bench/bare-database.ts pglite <file>   on a PGlite made the plain way
 *   node scripts/bench/bare-database.ts pg <file>       over pg, on a cluster of this machine that is made for it
 *   node scripts/bench/bare-database.ts start           that cluster, and nothing in it
 *
 * The file holds a JSON list of texts.
 */
import { readFileSync } from 'node:fs';

const [how, file] = process.argv.slice(2);
const texts = file === undefined ? [] : (JSON.parse(readFileSync(file, 'utf8')) as string[]);

if (how === 'pglite') {
  const { PGlite } = await import('@electric-sql/pglite');
  const database = await PGlite.create();
  for (const text of texts) await database.exec(text);
  await database.close();
} else {
  const { findBinaries, usualFolders } = await import('../../src/proof/local/find-binaries.ts');
  const { startCluster } = await import('../../src/proof/local/start-cluster.ts');
  const { chosen } = await findBinaries(await usualFolders(process.env['PATH']), undefined);
  if (!chosen) throw new Error('There are no PostgreSQL binaries on this machine.');
  const started = await startCluster({ binaries: chosen, longestRequest: 60_000 });
  if (!started.ok) throw new Error(started.reason);
  const { cluster } = started;
  if (how === 'pg') {
    const session = await cluster.connectOwner();
    for (const text of texts) await session.run(text);
    await session.close();
  }
  await cluster.close();
}
process.exit();
