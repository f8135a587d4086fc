import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../src/configuration/configuration.ts';
import { type OpenedShadow, openShadow } from '../../src/open-shadow.ts';
import { type BuiltChamber, buildChamberIn } from './embedded/chambers.ts';

let chamber: BuiltChamber;
let folder: string;
beforeAll(async () => {
  chamber = await buildChamberIn();
  folder = mkdtempSync(join(tmpdir(), 'airlock-programs-'));
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  // Newer than any that the machine may have, and no server comes of them.
  const says = '#!/bin/sh\n[ "$1" = --version ] && echo "postgres (PostgreSQL) 99.1" && exit 0\n';
  for (const name of ['postgres', 'initdb'])
    writeFileSync(join(programs, name), `${says}echo "no room on this machine" >&2; exit 1\n`);
  for (const path of [folder, programs, join(programs, 'postgres'), join(programs, 'initdb')])
    chmodSync(path, 0o755);
});
afterAll(async () => {
  await chamber.remove();
  rmSync(folder, { recursive: true, force: true });
});

function open(kind: 'auto' | 'local'): Promise<OpenedShadow> {
  return openShadow({
    wanted: { ...DEFAULTS.shadow, kind },
    program: chamber.program,
    furnishing: { roles: [], extensions: [], allowedExtensions: [] },
    env: { PATH: join(folder, 'bin'), GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request' },
  });
}

describe('programs of the machine that do not start', () => {
  it('leave auto with the embedded database, and the reason in the report', async () => {
    const opened = await open('auto');
    if (!opened.ok) throw new Error(opened.reason);
    const { kind, session } = opened.shadow;
    const [row] = await session.query('SELECT 1 AS one');
    await opened.shadow.close();
    expect([kind, row]).toEqual(['embedded', { one: '1' }]);
    expect(opened.because).toMatch(/99\.1.*which could not be used: .*no room on this machine/s);
  });

  it('are an end for who asks for them', async () => {
    expect(await open('local')).toMatchObject({ ok: false, reasonCode: 'shadow-not-started' });
  });
});
