import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { ConnectionLost } from '../../../src/engine/connection.ts';
import type { Furnishing } from '../../../src/proof/database-shadow.ts';
import { localShadow } from '../../../src/proof/local/shadow.ts';
import type { Shadow } from '../../../src/proof/shadow.ts';
import { allBinaries } from './binaries.ts';

const wanted: Furnishing = {
  roles: ['app'],
  extensions: ['citext', 'dblink'],
  allowedExtensions: [],
};

const parents: string[] = [];
afterAll(() => Promise.all(parents.map((parent) => rm(parent, { recursive: true, force: true }))));

describe.each(await allBinaries())('a local shadow of PostgreSQL $version', (binaries) => {
  it('begins again with what it began with, also after a session that does not end', async () => {
    const parent = await mkdtemp('/tmp/airlock-again-');
    parents.push(parent);
    await chmod(parent, 0o1777);
    const opened = await localShadow({ binaries, longestRequest: 500, parents: [parent] }, wanted);
    if (!opened.ok) throw new Error(opened.reason);
    const { shadow, missing } = opened;
    expect(shadow.kind).toBe('local');
    expect(shadow.session.server.major).toBe(binaries.major);
    expect(missing).toEqual([
      { name: 'dblink', ok: false, reason: expect.stringContaining('shadow.extensions') },
    ]);

    await shadow.session.run('CREATE TABLE t (name citext); ALTER TABLE t OWNER TO app; CREATE SCHEMA s');
    await shadow.observer?.run('LISTEN x');
    await expect(shadow.session.run('SELECT pg_sleep(30)')).rejects.toBeInstanceOf(ConnectionLost);
    const start = performance.now();
    await shadow.restore();
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(await left(shadow)).toEqual({ t: null, s: null, extensions: 'citext', name: 'airlock' });

    await shadow.session.run('DROP EXTENSION citext');
    await shadow.restore();
    expect((await left(shadow))['extensions']).toBe('citext');
    expect(await readdir(parent)).toHaveLength(1);
    await shadow.close();
    expect(await readdir(parent)).toEqual([]);
  });

  it('comes back to what was kept, and not to what it began with', async () => {
    const opened = await localShadow({ binaries, longestRequest: 10_000 }, wanted);
    if (!opened.ok) throw new Error(opened.reason);
    const { shadow } = opened;
    await shadow.session.run('CREATE TABLE t (i int); INSERT INTO t VALUES (1)');
    await shadow.keep();
    await shadow.session.run('DROP TABLE t; CREATE SCHEMA s');
    await shadow.restore();
    const found = await left(shadow);
    const rows = await shadow.session.query('SELECT i FROM t');
    await shadow.close();
    expect([found['t'], found['s'], rows]).toEqual(['t', null, [{ i: '1' }]]);
  });

  it('lets the observer see the locks of the session, and try them on the tables of other owners', async () => {
    const opened = await localShadow({ binaries, longestRequest: 10_000 }, wanted);
    if (!opened.ok) throw new Error(opened.reason);
    const { session, observer, close } = opened.shadow;
    const [me] = await session.query('SELECT pg_backend_pid()::text AS pid');
    await session.run('CREATE TABLE t (i int)');
    await session.run('BEGIN; LOCK TABLE t IN SHARE MODE');
    const who = `SELECT rolsuper::text AS superuser FROM pg_roles WHERE rolname = session_user`;
    for (const each of [session, observer]) expect(await each?.query(who)).toEqual([{ superuser: 'false' }]);
    const rows = await observer?.query(
      `SELECT mode FROM pg_locks WHERE pid = $1 AND relation = 'public.t'::regclass`,
      [me?.['pid']],
    );
    await session.run('ROLLBACK; ALTER TABLE t OWNER TO app; ALTER TABLE t FORCE ROW LEVEL SECURITY');
    await observer?.run('BEGIN; LOCK TABLE ONLY public.t IN ROW EXCLUSIVE MODE NOWAIT; ROLLBACK');
    await close();
    expect(rows).toEqual([{ mode: 'ShareLock' }]);
  });
});

async function left({ session }: Shadow): Promise<Readonly<Record<string, string | null>>> {
  const [row] = await session.query(
    `SELECT to_regclass('t')::text AS t, to_regnamespace('s')::text AS s, current_database()::text AS name,
     (SELECT string_agg(extname, ',') FROM pg_extension WHERE extname <> 'plpgsql') AS extensions`,
  );
  return row ?? {};
}
