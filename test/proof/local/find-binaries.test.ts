import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseBinaries, findBinaries, usualFolders } from '../../../src/proof/local/find-binaries.ts';
import { embeddedFolder } from './binaries.ts';

let root = '';
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'airlock-bin-')));
});
afterAll(() => rm(root, { recursive: true }));

describe("PostgreSQL's programs", () => {
  it('are found where they are, also by a link, and told once', async () => {
    const real = await embeddedFolder();
    const links = join(root, 'links');
    await mkdir(links);
    await symlink(join(real, 'postgres'), join(links, 'postgres'));
    const { chosen, seen } = await findBinaries([links, real, join(root, 'nowhere')]);
    expect(seen).toHaveLength(1);
    expect(chosen).toEqual({
      folder: real,
      major: expect.any(Number),
      version: expect.stringMatching(/^\d+\.\d+/),
    });
  });

  it('are not those that do not run, say nothing of a version, or have no initdb beside', async () => {
    const folders = await Promise.all([
      installed('broken', 'exit 1'),
      installed('silent', 'echo hello'),
      installed('half', 'echo "postgres (PostgreSQL) 17.2"', false),
    ]);
    expect(await findBinaries(folders)).toEqual({
      chosen: undefined,
      seen: [],
      because: 'no PostgreSQL server programs were found on this machine',
    });
  });

  it('are asked for their version with nothing of our variables', async () => {
    process.env['AIRLOCK_TEST_SECRET'] = '99.9';
    const folder = await installed(
      'curious',
      'echo "postgres (PostgreSQL) 16.$' + '{AIRLOCK_TEST_SECRET:-1}"',
    );
    expect((await findBinaries([folder])).chosen?.version).toBe('16.1');
  });

  it('are those of the target where there are some, else the newest, and the others are told', async () => {
    const of = (version: string) => ({
      folder: `/pg/${version}`,
      version,
      major: Number.parseInt(version, 10),
    });
    const seen = ['14.9', '16.10', '18.1', '16.9'].map(of);
    expect(chooseBinaries(seen, 16)).toMatchObject({
      chosen: of('16.10'),
      because: 'PostgreSQL 16.10 in /pg/16.10, the major version of the target',
    });
    expect(chooseBinaries(seen, 17).because).toBe(
      "PostgreSQL 18.1 in /pg/18.1, the newest, as the target's version 17 is not among: 18.1 (/pg/18.1), 16.10 (/pg/16.10), 16.9 (/pg/16.9), 14.9 (/pg/14.9)",
    );
    expect(chooseBinaries(seen, 14).chosen).toEqual(of('18.1'));
    expect(chooseBinaries(seen).chosen).toEqual(of('18.1'));
    expect(chooseBinaries([of('14.9')])).toMatchObject({
      chosen: undefined,
      because: 'PostgreSQL 15 or newer is needed, and on this machine are: 14.9 (/pg/14.9)',
    });
  });

  it('are not looked for where a package or a relative path could have put them', async () => {
    const folders = await usualFolders('bin:/repository/node_modules/.bin:.::/usr/bin:./x');
    expect(folders[0]).toBe('/usr/bin');
    expect(folders.every((folder) => folder.startsWith('/') && !folder.includes('node_modules'))).toBe(true);
  });
});

async function installed(name: string, script: string, withInitdb = true): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  for (const program of withInitdb ? ['postgres', 'initdb'] : ['postgres']) {
    await writeFile(join(folder, program), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, program), 0o755);
  }
  return folder;
}
