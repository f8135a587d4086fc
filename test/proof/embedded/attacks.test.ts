import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, ConnectionLost, DatabaseError } from '../../../src/engine/connection.ts';
import { type BuiltChamber, buildChamberIn } from './chambers.ts';
import { loading, sideModule } from './side-module.ts';

const PROGRAMS = 'test/proof/embedded/programs';
const run = promisify(execFile);

let chamber: BuiltChamber;
/** The same process around SQL that runs as the superuser: what holds when PostgreSQL's own privileges do not. */
let superuser: BuiltChamber;
let folder: string;

beforeAll(async () => {
  chamber = await buildChamberIn();
  superuser = await buildChamberIn(`${PROGRAMS}/superuser-chamber.ts`);
  folder = mkdtempSync(join(tmpdir(), 'airlock-attacks-'));
});
afterAll(async () => {
  await chamber.remove();
  await superuser.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** SQLSTATE of the refusal, `lost` with the reason, or `done`. */
async function endOf(session: Connection, sql: string): Promise<string> {
  try {
    await session.run(sql);
    return 'done';
  } catch (error) {
    if (error instanceof DatabaseError) return error.fields.code;
    if (error instanceof ConnectionLost) return `lost: ${error.because}`;
    throw error;
  }
}

async function isAlive(session: Connection): Promise<boolean> {
  const [row] = await session.query('SELECT $1::text AS said', ['still here']);
  return row?.['said'] === 'still here';
}

describe('SQL in the chamber, with nothing refused beforehand', () => {
  it('is an ordinary owner, and finds no way to be more', async () => {
    const session = await chamber.open();
    const denied = '42501';
    for (const sql of [
      'SET SESSION AUTHORIZATION airlock_superuser',
      "SELECT set_config('session_authorization', 'airlock_superuser', false)",
      'SET ROLE airlock_superuser',
      'ALTER ROLE airlock_owner SUPERUSER',
      'CREATE ROLE other SUPERUSER',
      'GRANT airlock_superuser TO airlock_owner',
      'UPDATE pg_authid SET rolsuper = true',
      "UPDATE pg_proc SET prosrc = 'x'",
      "ALTER SYSTEM SET archive_command = 'x'",
    ])
      expect([sql, await endOf(session, sql)]).toEqual([sql, denied]);
    for (const sql of [
      'RESET SESSION AUTHORIZATION',
      'SET SESSION AUTHORIZATION DEFAULT',
      'RESET ROLE',
      'RESET ALL',
      'DISCARD ALL',
    ])
      expect([sql, await endOf(session, sql)]).toEqual([sql, 'done']);
    const [row] = await session.query(
      'SELECT session_user::text AS session, current_user::text AS now, rolsuper FROM pg_roles WHERE rolname = current_user',
    );
    expect(row).toEqual({ session: 'airlock_owner', now: 'airlock_owner', rolsuper: 'f' });
  });

  it('reaches no file, no program and no library', async () => {
    const session = await chamber.open();
    await session.run('CREATE TABLE taken (line text)');
    for (const sql of [
      "COPY (SELECT 1) TO PROGRAM 'cat'",
      "COPY taken FROM PROGRAM 'cat /etc/passwd'",
      "COPY taken FROM '/etc/passwd'",
      "COPY taken TO '/tmp/taken'",
      "SELECT pg_read_file('/etc/passwd')",
      "SELECT pg_read_binary_file('/etc/passwd')",
      "SELECT pg_ls_dir('/')",
      "SELECT lo_import('/etc/passwd')",
      "SELECT lo_export(lo_from_bytea(0, 'x'), '/tmp/taken')",
      "LOAD '/tmp/attack.so'",
      "CREATE FUNCTION attack() RETURNS int LANGUAGE c AS '/tmp/attack.so', 'attack'",
      "CREATE FUNCTION attack() RETURNS int LANGUAGE internal AS 'int4in'",
      "CREATE TABLESPACE elsewhere LOCATION '/tmp'",
      "DO $$ BEGIN EXECUTE 'CO' || 'PY taken FROM PRO' || 'GRAM ''cat'''; END $$",
    ])
      expect([sql, await endOf(session, sql)]).toEqual([sql, '42501']);
    expect(await endOf(session, 'CREATE EXTENSION dblink')).toBe('0A000');
    expect(await endOf(session, 'CREATE EXTENSION file_fdw')).toBe('0A000');
    expect(await isAlive(session)).toBe(true);
  });

  it('is killed when it runs without end, and another chamber opens', async () => {
    const session = await chamber.open({ longestRequest: 1500 });
    const start = performance.now();
    expect(await endOf(session, 'DO $$ BEGIN LOOP END LOOP; END $$')).toBe('lost: time');
    expect(performance.now() - start).toBeLessThan(5000);
    expect(await isAlive(await chamber.open())).toBe(true);
  });

  it('is killed when it fills memory', async () => {
    const session = await chamber.open({ mostMemory: 600e6 });
    const sql = "SELECT length(string_agg(repeat(md5(n::text), 1000), '')) FROM generate_series(1, 30000) n";
    expect(await endOf(session, sql)).toBe('lost: memory');
    expect(await isAlive(await chamber.open())).toBe(true);
  });

  it('may write a million rows, and a reading of them is told in part', async () => {
    const session = await chamber.open({ longestRequest: 60_000 });
    await session.run('CREATE TABLE many (id int PRIMARY KEY)');
    const written = await session.run('INSERT INTO many SELECT generate_series(1, 1000000)');
    expect(written).toMatchObject({ command: 'INSERT', count: 1_000_000 });
    const read = await session.run('SELECT id FROM many LIMIT 200000');
    expect(read.count).toBe(200_000);
    expect(read.rows).toHaveLength(1000);
  });
});

describe('SQL of a superuser in the locked process', () => {
  it('ends its chamber by COPY … PROGRAM, within the limit, and nothing else', async () => {
    const session = await superuser.open({ longestRequest: 2000 });
    // PGlite answers this and every later query with nothing.
    expect(await session.run("COPY (SELECT 1) TO PROGRAM 'cat'")).toEqual({ command: '', rows: [] });
    await expect(isAlive(session)).rejects.toMatchObject({ name: 'ConnectionLost', because: 'untruthful' });
    expect(await isAlive(await superuser.open())).toBe(true);
  });

  it('reads the files of the virtual disk and none of the machine', async () => {
    const session = await superuser.open();
    expect(await endOf(session, "SELECT pg_read_file('/etc/passwd')")).toMatch(/^58P01$/);
    expect(await endOf(session, `SELECT pg_read_file('${import.meta.filename}')`)).toBe('58P01');
    const [home] = await session.query("SELECT string_agg(name, ' ') AS names FROM pg_ls_dir('/') name");
    expect(String(home?.['names']).split(' ')).toContain('pglite');
    expect(String(home?.['names']).split(' ')).not.toContain('etc');
  });

  it('writes only to the virtual disk by lo_export', async () => {
    const session = await superuser.open();
    const path = join(folder, 'exported');
    await session.run("SELECT lo_from_bytea(4712, 'taken')");
    expect(await endOf(session, `SELECT lo_export(4712, '${path}')`)).not.toBe('done');
    await session.run("SELECT lo_export(4712, '/tmp/airlock-lo-export')");
    const [kept] = await session.query("SELECT pg_read_file('/tmp/airlock-lo-export') AS text");
    expect(kept).toEqual({ text: 'taken' });
    expect(existsSync('/tmp/airlock-lo-export')).toBe(false);
  });

  describe.each(['EM_JS', 'EM_ASM'] as const)('with a library whose glue carries JavaScript (%s)', (by) => {
    const attack = sideModule("console.log('stolen: ' + process.env.AIRLOCK_PROBE);process.exit(77)", by);

    it('works on PGlite in a process that is not locked', async () => {
      const sql = join(folder, `${by}.json`);
      writeFileSync(sql, JSON.stringify(loading(attack)));
      const child = run(process.execPath, [`${PROGRAMS}/unlocked.ts`, sql], {
        env: { AIRLOCK_PROBE: 'a secret' },
      });
      await expect(child).rejects.toMatchObject({ code: 77, stdout: 'stolen: a secret\n' });
    });

    it('does not run any in the chamber', async () => {
      const session = await superuser.open();
      const [write = '', save = '', load = ''] = loading(attack);
      await session.run(write);
      await session.run(save);
      const refused = await session.run(load).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(DatabaseError);
      expect(String(refused)).toMatch(/Code generation from strings disallowed|The chamber has no eval/);
      expect(
        await endOf(session, "CREATE FUNCTION attack() RETURNS int LANGUAGE c AS '/tmp/attack.so', 'attack'"),
      ).not.toBe('done');
      expect(await isAlive(session)).toBe(true);
    });
  });
});
