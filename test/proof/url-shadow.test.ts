import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/engine/connection.ts';
import { connectPostgres } from '../../src/engine/postgres-connection.ts';
import type { Furnishing } from '../../src/proof/database-shadow.ts';
import { acceptAddress } from '../../src/proof/url-acceptance.ts';
import { type UrlShadowSettings, urlShadow } from '../../src/proof/url-shadow.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';

let postgres: PostgresServer;
let admin: Connection;
const nothing: Furnishing = { roles: [], extensions: [], allowedExtensions: [] };
const now = Date.parse('2026-03-04T05:06:07Z');
const PRODUCTION = 'postgres://u:p@elsewhere.example.com/shop';

beforeAll(async () => {
  postgres = await startPostgres();
  admin = await connectPostgres({ url: postgres.connectionString }, { longestRequest: 10_000 });
  await admin.run('CREATE DATABASE shop');
  await admin.run('CREATE DATABASE shop_shadow');
  await admin.run('CREATE DATABASE other_shadow');
  await admin.run("CREATE ROLE maker LOGIN CREATEDB PASSWORD 'maker-password'");
  await admin.run("CREATE ROLE nobody_much LOGIN PASSWORD 'nobody-password'");
  await admin.run('CREATE DATABASE owned_shadow OWNER maker');
});
afterAll(async () => {
  await admin.close();
  await postgres.stop();
});

describe('the address of a shadow database', () => {
  const environments = [{ environment: 'production', url: 'postgres://u:p@db.example.com/shop' }];

  it.each([
    ['postgres://x:hidden@DB.example.com:5432/shop', 'is the database of the environment production'],
    ['postgres://x:hidden@db.example.com:6543/shop', 'looks like the database of the environment production'],
    ['postgres://x:hidden@db.example.com/other', 'another database of the same server'],
  ])('is refused when it is or looks like an environment: %s', (url, reason) => {
    const refused = acceptAddress(url, environments);
    expect(refused).toMatchObject({
      ok: false,
      reasonCode: 'shadow-is-environment',
      reason: expect.stringContaining(reason),
      next: expect.stringContaining('shadow: embedded'),
    });
    expect(JSON.stringify(refused)).not.toContain('hidden');
  });

  it('is looked into when it is called a shadow, and taken when it looks like none', () => {
    expect(acceptAddress('postgres://db.example.com/shop_Shadow', environments)).toEqual({
      ok: true,
      watched: expect.stringContaining('production'),
    });
    expect(acceptAddress('postgres://scratch.example.com/shop', environments)).toEqual({
      ok: true,
      watched: undefined,
    });
  });

  it.each(['hidden', 'postgres:///db', 'mysql://x:hidden@h/db', 'postgres://u:hid/den@h/db'])(
    'is refused when nobody can tell where it leads: %s',
    (url) => {
      const refused = acceptAddress(url, []);
      expect(refused).toMatchObject({ ok: false, reasonCode: 'shadow-address' });
      expect(JSON.stringify(refused)).not.toContain('hid');
    },
  );

  it('is taken by no one when an environment cannot be compared with it', () => {
    expect(acceptAddress('postgres://h/db', [{ environment: 'odd', url: 'host=h' }])).toMatchObject({
      ok: false,
      reasonCode: 'shadow-is-environment',
    });
  });
});

describe('a shadow database by its address', () => {
  it('leaves the database of the address and its server as they were', async () => {
    const before = await everything();
    const opened = await urlShadow(at('shop_shadow'), {
      roles: ['app_reader'],
      extensions: ['citext', 'pg_stat_statements'],
      allowedExtensions: [],
    });
    if (!opened.ok) throw new Error(opened.reason);
    const { shadow, missing } = opened;
    expect(missing).toEqual([]);
    expect(shadow.kind).toBe('url');
    await shadow.session.run('CREATE TABLE t (n citext); GRANT SELECT ON t TO app_reader');
    expect(await shadow.observer?.query(`SELECT to_regclass('t')::text AS t`)).toEqual([{ t: 't' }]);
    await shadow.restore();
    expect(await shadow.session.query(`SELECT to_regclass('t')::text AS t`)).toEqual([{ t: null }]);
    await shadow.close();
    expect(await everything()).toEqual(before);
  });

  it('never runs the change as a superuser', async () => {
    const opened = await urlShadow(at('shop_shadow'), nothing);
    if (!opened.ok) throw new Error(opened.reason);
    const { session, close } = opened.shadow;
    const [row] = await session.query(
      'SELECT rolsuper::text AS s FROM pg_roles WHERE rolname = session_user',
    );
    const program = session.run("COPY (SELECT 1) TO PROGRAM 'true'");
    await expect(program).rejects.toMatchObject({ fields: { code: '42501' } });
    await close();
    expect(row).toEqual({ s: 'false' });
  });

  it('begins with what is in the database of the address', async () => {
    const shop = await connectPostgres({ url: at('shop').url }, { longestRequest: 10_000 });
    await shop.run('CREATE TABLE prepared (i int); GRANT SELECT ON prepared TO PUBLIC');
    const opened = await urlShadow({ ...at('shop'), environments: [] }, nothing);
    // Somebody is connected to it: then it cannot be copied, which is said and not thrown.
    expect(opened).toMatchObject({
      ok: false,
      reason: expect.stringContaining('being accessed by other users'),
    });
    await shop.close();
    const again = await urlShadow({ ...at('shop'), environments: [] }, nothing);
    if (!again.ok) throw new Error(again.reason);
    const rows = await again.shadow.session.query('SELECT i FROM prepared');
    await again.shadow.close();
    expect(rows).toEqual([]);
  });

  it('is refused when it may be an environment and something is in it', async () => {
    const opened = await urlShadow(
      { ...at('shop_shadow'), environments: [{ environment: 'development', url: at('shop').url }] },
      nothing,
    );
    if (!opened.ok) throw new Error(opened.reason);
    await opened.shadow.close();
    for (const sql of [
      'CREATE TABLE rows_of_somebody (i int)',
      'CREATE SCHEMA theirs',
      'CREATE FUNCTION f() RETURNS int RETURN 1',
    ]) {
      await within('shop_shadow', sql);
      const refused = await urlShadow(
        { ...at('shop_shadow'), environments: [{ environment: 'development', url: at('shop').url }] },
        nothing,
      );
      expect(refused).toMatchObject({ ok: false, reasonCode: 'shadow-not-empty' });
      await within(
        'shop_shadow',
        'DROP TABLE IF EXISTS rows_of_somebody; DROP SCHEMA IF EXISTS theirs; DROP FUNCTION IF EXISTS f()',
      );
    }
  });

  it('is refused when migrations were run there, whatever the address looks like', async () => {
    await within('shop_shadow', 'CREATE TABLE _migration_history (migration_id text)');
    const refused = await urlShadow(at('shop_shadow'), nothing);
    await within('shop_shadow', 'DROP TABLE _migration_history');
    expect(refused).toMatchObject({ ok: false, reasonCode: 'shadow-is-target' });
  });

  it('works for a user who may create databases, and says what another one lacks', async () => {
    const opened = await urlShadow(at('owned_shadow', 'maker', 'maker-password'), {
      ...nothing,
      extensions: ['citext'],
      roles: ['somebody'],
    });
    if (!opened.ok) throw new Error(opened.reason);
    await opened.shadow.session.run('CREATE TABLE t (n citext)');
    await opened.shadow.restore();
    await opened.shadow.close();
    expect(opened.missing).toEqual([
      { name: 'somebody', ok: false, reason: expect.stringContaining('permission denied') },
    ]);
    expect(await urlShadow(at('shop_shadow', 'nobody_much', 'nobody-password'), nothing)).toMatchObject({
      ok: false,
      reasonCode: 'shadow-no-rights',
      next: expect.stringContaining('ALTER ROLE nobody_much CREATEDB'),
    });
  });

  it('says what the server says, and no password', async () => {
    const refused = await urlShadow(at('shop_shadow', 'maker', 'hunter2'), nothing);
    expect(refused).toMatchObject({ ok: false, reasonCode: 'shadow-unreachable' });
    expect(JSON.stringify(refused)).not.toContain('hunter2');
  });

  it('removes the copies of a process that was ended, and none that somebody still needs', async () => {
    const left = `airlock_shadow_${Math.floor(now / 1000) - 60}_f123abcd_template`;
    await admin.run(`CREATE DATABASE ${left}`);
    const first = await urlShadow(at('shop_shadow'), nothing);
    if (!first.ok) throw new Error(first.reason);
    const { databases: during } = await everything();
    const needed = during.filter((name) => String(name).startsWith('airlock_shadow_'));
    // Its address is another database of the server.
    const second = await urlShadow(at('other_shadow'), nothing);
    if (!second.ok) throw new Error(second.reason);
    const { databases: beside } = await everything();
    await first.shadow.restore();
    await first.shadow.close();
    await second.shadow.close();
    const { databases: after } = await everything();
    expect(during).not.toContain(left);
    expect(needed).toHaveLength(2);
    expect(beside).toEqual(expect.arrayContaining(needed));
    expect(after.filter((name) => String(name).startsWith('airlock_shadow_'))).toEqual([]);
  });
});

function at(database: string, user?: string, password?: string): UrlShadowSettings {
  const url = new URL(postgres.connectionString);
  url.pathname = `/${database}`;
  if (user !== undefined && password !== undefined) {
    url.username = user;
    url.password = password;
  }
  const environments = [{ environment: 'production', url: PRODUCTION }];
  return { url: url.href, environments, now, longestRequest: 10_000 };
}

async function within(database: string, sql: string): Promise<void> {
  const session = await connectPostgres({ url: at(database).url }, { longestRequest: 10_000 });
  await session.run(sql);
  await session.close();
}

async function everything(): Promise<{ databases: unknown[]; roles: unknown[]; objects: string }> {
  const databases = await admin.query('SELECT datname::text AS name FROM pg_database ORDER BY 1');
  const roles = await admin.query('SELECT rolname::text AS name FROM pg_roles ORDER BY 1');
  const session = await connectPostgres({ url: at('shop_shadow').url }, { longestRequest: 10_000 });
  const [row] = await session.query(
    `SELECT (SELECT count(*) FROM pg_class)::text || ' ' || coalesce((SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public'), '') AS n`,
  );
  await session.close();
  return {
    databases: databases.map(({ name }) => name),
    roles: roles.map(({ name }) => name),
    objects: row?.['n'] ?? '',
  };
}
