import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, ConnectionLost, DatabaseError } from '../../../src/engine/connection.ts';
import { type Cluster, DATABASE, OWNER, startCluster } from '../../../src/proof/local/start-cluster.ts';
import { allBinaries, embeddedBinaries } from './binaries.ts';

const all = await allBinaries();
const secret = 'a-secret-of-this-process';
process.env['AIRLOCK_TEST_SECRET'] = secret;

describe.each(all)('a cluster of PostgreSQL $version', (binaries) => {
  let cluster: Cluster;
  let owner: Connection;
  beforeAll(async () => {
    cluster = await started({ binaries, longestRequest: 10_000 });
    // Those that would be a way out, if the owner could use them.
    await cluster.createExtensions(
      ['dblink', 'file_fdw', 'pg_stat_statements', 'earthdistance'],
      ['dblink', 'file_fdw'],
    );
    owner = await cluster.connectOwner();
  });
  afterAll(async () => {
    await owner.close();
    await cluster.close();
  });

  it('has the version of its programs and lets the owner make what it likes in its database', async () => {
    expect(cluster.server.major).toBe(binaries.major);
    expect(cluster.server.text).toMatch(/^\d+\.\d+$/);
    await owner.run('CREATE SCHEMA shop; CREATE TABLE shop.item (id int); CREATE TABLE plain (id int)');
    const [row] = await owner.query('SELECT current_database() AS d, current_user AS u, session_user AS s');
    expect(row).toEqual({ d: DATABASE, u: OWNER, s: OWNER });
  });

  it('never runs as root, and gives its folder to nobody else', async () => {
    const folder = await stat(cluster.folder);
    expect(folder.mode & 0o777).toBe(0o700);
    expect(folder.uid).not.toBe(0);
    expect((await stat(join(cluster.folder, 'data'))).uid).toBe(folder.uid);
    if (process.platform === 'linux')
      expect(readFileSync(`/proc/${serverOf(cluster)}/status`, 'utf8')).toMatch(
        new RegExp(`^Uid:\\t${folder.uid}\\t${folder.uid}\\t`, 'm'),
      );
  });

  it('listens on its socket only', async () => {
    const admin = await cluster.connectSuperuser();
    const rows = await admin.query(
      `SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_permissions', 'fsync') ORDER BY 1`,
    );
    await admin.close();
    expect(rows.map(({ setting }) => setting)).toEqual(['off', '', '0700']);
    expect(await readdir(join(cluster.folder, 'socket'))).toContain('.s.PGSQL.5432');
  });

  it('knows nothing of the variables of this process', ({ skip }) => {
    skip(process.platform !== 'linux', 'only /proc of Linux tells the variables of a process');
    const environment = readFileSync(`/proc/${serverOf(cluster)}/environ`, 'latin1');
    expect(environment).toContain('LC_ALL=C');
    expect(environment).not.toContain(secret);
  });

  it.each([
    ["COPY (SELECT 1) TO PROGRAM 'cat > /tmp/airlock-escaped'"],
    ["COPY (SELECT 1) TO '/tmp/airlock-escaped'"],
    ["SELECT pg_read_file('/etc/passwd')"],
    ["SELECT pg_ls_dir('/')"],
    ["SELECT lo_export(lo_create(0), '/tmp/airlock-escaped')"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/tmp/x.so', 'f'"],
    ["CREATE FUNCTION f() RETURNS text LANGUAGE internal AS 'version'"],
    ["LOAD '/tmp/x.so'"],
    ["ALTER SYSTEM SET work_mem = '1MB'"],
    ["SET session_preload_libraries = 'x'"],
    ['SET ROLE airlock_superuser'],
    ['SET SESSION AUTHORIZATION airlock_superuser'],
    ['ALTER ROLE airlock_owner SUPERUSER'],
    ['GRANT pg_execute_server_program TO airlock_owner'],
    ['CREATE ROLE another'],
    ['CREATE DATABASE another'],
    ["CREATE TABLESPACE away LOCATION '/tmp'"],
    ["CREATE SUBSCRIPTION s CONNECTION 'host=localhost' PUBLICATION p WITH (connect = false)"],
    ['CREATE EXTENSION plpython3u'],
    ['CREATE SERVER s FOREIGN DATA WRAPPER file_fdw'],
    ["SELECT dblink_connect_u('dbname=postgres')"],
    ['UPDATE pg_authid SET rolsuper = true'],
  ])('refuses the owner: %s', async (sql) => {
    const error = await failure(owner, sql);
    expect(['42501', '58P01', '0A000']).toContain(error.fields.code);
    // A missing library or language is no answer to whether it would have been allowed, except where there is none here.
    if (error.fields.code !== '42501') expect(sql).toContain('plpython3u');
  });

  it('does not let the owner back in as superuser over the socket', async () => {
    const error = await failure(
      owner,
      `SELECT dblink_connect('host=${cluster.folder}/socket user=airlock_superuser dbname=postgres')`,
    );
    expect(error.fields.code).toBe('2F003');
  });

  it('gives the extensions it makes to the owner, and what is in them not', async () => {
    const rows = await owner.query(
      `SELECT extname::text AS name, pg_get_userbyid(extowner)::text AS owner FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      'cube',
      'dblink',
      'earthdistance',
      'file_fdw',
      'pg_stat_statements',
    ]);
    expect(new Set(rows.map(({ owner }) => owner))).toEqual(new Set([OWNER]));
    const [reset] = await owner.query(
      `SELECT pg_get_userbyid(proowner)::text AS owner FROM pg_proc WHERE proname = 'dblink_connect_u' LIMIT 1`,
    );
    expect(reset?.['owner']).toBe('airlock_superuser');
    await owner.run('BEGIN; DROP EXTENSION pg_stat_statements; DROP EXTENSION earthdistance; ROLLBACK');
  });

  it('says of each extension and role that it could not make why', async () => {
    const provided = [
      ...(await cluster.createExtensions(['plperlu', 'no_such_thing', 'hstore'], ['no_such_thing'])),
      ...(await cluster.createRoles(['public', 'pg_invented', 'pg_monitor', 'postgres', 'app"user'])),
    ];
    expect(provided).toEqual([
      { name: 'plperlu', ok: false, reason: expect.stringContaining('shadow.extensions') },
      { name: 'no_such_thing', ok: false, reason: expect.stringContaining('not installed') },
      { name: 'hstore', ok: true, made: true },
      { name: 'pg_invented', ok: false, reason: expect.stringContaining('reserved') },
      { name: 'pg_monitor', ok: true, made: false },
      { name: 'postgres', ok: true, made: true },
      { name: 'app"user', ok: true, made: true },
    ]);
    await owner.run(
      `CREATE TABLE given (id int); ALTER TABLE given OWNER TO postgres; GRANT SELECT ON given TO "app""user"; SET ROLE "app""user"; RESET ROLE; DROP TABLE given`,
    );
    const error = await failure(owner, 'SET ROLE pg_monitor');
    expect(error.fields.code).toBe('42501');
  });

  it('copies a database and throws it away, and what was done in the copy is in no other', async () => {
    await owner.close();
    await cluster.clone(DATABASE, 'copy');
    const copy = await cluster.connectOwner('copy');
    await copy.run('CREATE TABLE only_here (id int)');
    // Its session does not keep it.
    await cluster.drop('copy');
    await expect(copy.run('SELECT 1')).rejects.toBeInstanceOf(ConnectionLost);
    owner = await cluster.connectOwner();
    const [row] = await owner.query(`SELECT to_regclass('only_here')::text AS found`);
    expect(row).toEqual({ found: null });
  });
});

describe('starting a cluster', () => {
  it('works twice at once, and each has its own', async () => {
    const binaries = await embeddedBinaries();
    const [one, other] = await Promise.all([
      started({ binaries, longestRequest: 10_000 }),
      started({ binaries, longestRequest: 10_000 }),
    ]);
    const session = await one.connectOwner();
    await session.run('CREATE TABLE mine (id int)');
    const stranger = await other.connectOwner();
    const [row] = await stranger.query(`SELECT to_regclass('mine')::text AS found`);
    expect(row).toEqual({ found: null });
    await Promise.all([session.close(), stranger.close()]);
    await one.close();
    await expect(stat(one.folder)).rejects.toThrow('ENOENT');
    expect((await stat(other.folder)).isDirectory()).toBe(true);
    await other.close();
    await expect(stat(other.folder)).rejects.toThrow('ENOENT');
  });

  it('goes to the next folder where there is no room in one, and says why there is none in any', async () => {
    const binaries = await embeddedBinaries();
    const cluster = await started({ binaries, longestRequest: 10_000, parents: ['/no/such/folder', '/tmp'] });
    expect(cluster.folder).toMatch(/^\/tmp\/airlock-shadow-/);
    await cluster.close();
    const none = await startCluster({
      binaries,
      longestRequest: 10_000,
      parents: [`/${'x'.repeat(90)}`, '/a,b'],
    });
    expect(none).toMatchObject({
      ok: false,
      reasonCode: 'shadow-no-room',
      reason: expect.stringMatching(/too long a name for a Unix socket; \/a,b has a name/),
    });
  });

  it('tells what PostgreSQL said when it does not start, and leaves nothing', async () => {
    const parent = await mkdtemp(join('/tmp', 'airlock-none-'));
    try {
      const outcome = await startCluster({
        // cat and false for initdb and postgres: nothing that could start.
        binaries: { folder: tmpdir(), major: 18, version: '18.0' },
        longestRequest: 10_000,
        parents: [parent],
      });
      expect(outcome).toMatchObject({ ok: false, next: expect.stringContaining('shadow: embedded') });
      expect(await readdir(parent)).toEqual([]);
    } finally {
      await rm(parent, { recursive: true });
    }
  });
});

async function started(settings: Parameters<typeof startCluster>[0]): Promise<Cluster> {
  const outcome = await startCluster(settings);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.cluster;
}

function serverOf({ folder }: Cluster): number {
  return Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function failure(session: Connection, sql: string): Promise<DatabaseError> {
  const outcome = await session.run(sql).catch((error: unknown) => error);
  if (outcome instanceof DatabaseError) return outcome;
  throw new Error(`was not refused: ${sql}`, { cause: outcome });
}
