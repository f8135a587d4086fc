import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseError } from '../../../src/engine/connection.ts';
import { availableExtensions, bundles, bundlesOf } from '../../../src/proof/embedded/extensions.ts';
import { openEmbedded } from '../../../src/proof/embedded/open.ts';
import { type BuiltChamber, buildChamberIn } from './chambers.ts';

let chamber: BuiltChamber;
beforeAll(async () => {
  chamber = await buildChamberIn();
});
afterAll(() => chamber.remove());

describe('an embedded chamber', () => {
  it('says every value as a text, also arrays and types that the change makes', async () => {
    const session = await chamber.open();
    await session.run("CREATE TYPE mood AS ENUM ('good', 'bad')");
    const [row] = await session.query(
      "SELECT 1 AS n, true AS b, ARRAY[1, 2] AS a, ARRAY['good'::mood] AS m, '{\"x\": 1}'::jsonb AS j, date '2026-01-02' AS d, NULL AS nothing",
    );
    expect(row).toEqual({
      n: '1',
      b: 't',
      a: '{1,2}',
      m: '{good}',
      j: '{"x": 1}',
      d: '2026-01-02',
      nothing: null,
    });
  });

  it('takes values of every kind, quotes and all', async () => {
    const session = await chamber.open();
    const hostile = "'; DROP TABLE x; --\\' $1 $2";
    const [row] = await session.query(
      'SELECT $1::int + 1 AS n, $2::bool AS b, $3::jsonb AS j, $4::text AS t, $5::text AS no',
      [1, true, { x: [1] }, hostile, null],
    );
    expect(row).toEqual({ n: '2', b: 't', j: '{"x": [1]}', t: hostile, no: null });
  });

  it('is owned by who asks: roles, schemas, owners, comments and what a dump of a schema has', async () => {
    const session = await chamber.open();
    for (const sql of [
      'CREATE ROLE app NOLOGIN',
      'CREATE ROLE postgres LOGIN',
      'CREATE ROLE service NOLOGIN BYPASSRLS',
      'CREATE SCHEMA shop',
      'GRANT CREATE ON SCHEMA shop TO app, postgres',
      'CREATE TABLE shop.items (id int PRIMARY KEY)',
      'ALTER TABLE shop.items OWNER TO postgres',
      'GRANT SELECT ON shop.items TO app',
      'SET ROLE app',
      'CREATE TABLE shop.of_app (id int)',
      'RESET ROLE',
      'ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA shop GRANT SELECT ON TABLES TO app',
      "COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language'",
      "COMMENT ON SCHEMA public IS 'standard public schema'",
      'REVOKE ALL ON SCHEMA public FROM PUBLIC',
      'GRANT ALL ON SCHEMA public TO PUBLIC',
      'SET session_replication_role = replica',
      'CREATE PUBLICATION of_items FOR TABLE shop.items',
      'VACUUM shop.of_app',
      'CHECKPOINT',
      'DROP OWNED BY app',
      'DROP ROLE app',
    ])
      await expect(session.run(sql), sql).resolves.toBeDefined();
  });

  it('gives its data directory, from which another one begins where it stood', async () => {
    const session = await chamber.open();
    await session.run('CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)');
    const base = join(chamber.folder, 'kept.tar.zst');
    writeFileSync(base, zstdCompressSync(await session.dump()));
    const settings = {
      program: chamber.program,
      base,
      extensions: [],
      longestRequest: 20_000,
      mostMemory: 2e9,
    };
    const next = await openEmbedded(settings);
    expect(await next.query('SELECT id, current_user::text AS me FROM kept')).toEqual([
      { id: '1', me: 'airlock_owner' },
    ]);
    await next.close();
  });

  it('stays as it was after an error, with its place', async () => {
    const session = await chamber.open();
    const error = await session.run('SELECT\n  nothing').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ fields: { code: '42703', position: 10 } });
    expect(
      await session.query("SELECT gen_random_uuid() IS NOT NULL AS made, md5('x') <> '' AS hashed"),
    ).toEqual([{ made: 't', hashed: 't' }]);
    expect(session.server.major).toBe(18);
  });

  it('creates every extension that is shipped, as its owner', async () => {
    const session = await chamber.open({}, bundles);
    const failed: string[] = [];
    for (const name of availableExtensions)
      await session
        .run(`CREATE EXTENSION IF NOT EXISTS "${name}"`)
        .catch((error: unknown) => failed.push(`${name}: ${String(error)}`));
    expect(failed).toEqual([]);
    expect(await session.query("SELECT length(encode(digest('x', 'sha256'), 'hex')) AS n")).toEqual([
      { n: '64' },
    ]);
  });
});

describe('the bundles of extensions', () => {
  it('are found by what they bring, with what that needs', () => {
    expect(bundlesOf(['moddatetime', 'earthdistance', 'postgis', 'plpgsql'])).toEqual([
      'cube',
      'earthdistance',
      'spi',
    ]);
  });
});
