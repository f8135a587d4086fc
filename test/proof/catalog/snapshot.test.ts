import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, DatabaseError } from '../../../src/engine/connection.ts';
import { connectPostgres } from '../../../src/engine/postgres-connection.ts';
import { type CatalogSnapshot, readCatalog } from '../../../src/proof/catalog/snapshot.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';

let server: PostgresServer;
/** One session changes and is read by what changed; the other one is new for each comparison and reads everything. */
let session: Connection;

const open = (): Promise<Connection> =>
  connectPostgres({ url: server.connectionString }, { longestRequest: 30_000 });

beforeAll(async () => {
  server = await startPostgres();
  session = await open();
}, 60_000);
afterAll(async () => {
  await session?.close();
  await server?.stop();
});

function listed(catalog: CatalogSnapshot): string[] {
  return [...catalog]
    .flatMap(([kind, objects]) =>
      [...objects].map(([object, facts]) => `${kind} ${object} ${JSON.stringify(facts)}`),
    )
    .sort();
}

async function whole(): Promise<string[]> {
  const fresh = await open();
  const catalog = listed(await readCatalog(fresh));
  await fresh.close();
  return catalog;
}

async function attempt(sql: string): Promise<boolean> {
  try {
    await session.run(sql);
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return false;
  }
}

/** The same numbers in every run (a linear congruential generator). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What many statements need, made again where it was dropped. */
const NEEDED = [
  'CREATE SCHEMA s1',
  'CREATE SCHEMA s2',
  'CREATE ROLE r0',
  'CREATE ROLE r1',
  "CREATE TYPE public.e0 AS ENUM ('a', 'b')",
  'CREATE DOMAIN public.d0 AS int',
  "CREATE FUNCTION public.f0(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 0'",
  'CREATE TABLE public.t0 (id int PRIMARY KEY, c0 text, c1 int, c2 int)',
  'CREATE TABLE s1.t1 (id int PRIMARY KEY, c0 text, c1 int, c3 int)',
];

/** Statements on few names, so that they meet each other. */
function statements(random: (below: number) => number): () => string {
  const any = (words: readonly string[]): string => words[random(words.length)] ?? '';
  const number = (): string => String(random(4));
  const table = (): string => `${any(['', '', 's1.', 's2.'])}t${number()}`;
  const column = (): string => `c${number()}`;
  const forms: (() => string)[] = [
    () => `CREATE TABLE ${table()} (id int PRIMARY KEY, c0 text, c1 int DEFAULT 1)`,
    () => `CREATE TABLE ${table()} (id serial PRIMARY KEY, c2 int GENERATED ALWAYS AS IDENTITY, c3 date)`,
    () => `CREATE TABLE ${table()} (id int, c1 int) PARTITION BY RANGE (id)`,
    () =>
      `CREATE TABLE ${table()} PARTITION OF ${table()} FOR VALUES FROM (${random(5)}) TO (${5 + random(5)})`,
    () => `ALTER TABLE ${table()} DETACH PARTITION ${table()}`,
    () => `ALTER TABLE ${table()} ATTACH PARTITION ${table()} DEFAULT`,
    () => `DROP TABLE ${table()} CASCADE`,
    () => `DROP TABLE ${table()}`,
    () => `ALTER TABLE ${table()} ADD COLUMN ${column()} ${any(['int', 'text', 'e0', 'd0', 'e1', 's1.d1'])}`,
    () => `ALTER TABLE ${table()} ADD COLUMN ${column()} int NOT NULL DEFAULT ${number()}`,
    () => `ALTER TABLE ${table()} ADD COLUMN ${column()} e0 DEFAULT 'a' CHECK (c0 <> 'b')`,
    () => `ALTER TABLE ${table()} DROP COLUMN ${column()} CASCADE`,
    () => `ALTER TABLE ${table()} RENAME COLUMN ${column()} TO ${column()}`,
    () => `ALTER TABLE ${table()} RENAME TO t${number()}`,
    () => `ALTER TABLE ${table()} SET SCHEMA ${any(['public', 's1', 's2'])}`,
    () => `ALTER TABLE ${table()} ALTER ${column()} TYPE ${any(['bigint', 'text', 'varchar(9)'])}`,
    () =>
      `ALTER TABLE ${table()} ALTER ${column()} SET DEFAULT ${any(['1', 'NULL', 'f0(1)', "nextval('q0')"])}`,
    () => `ALTER TABLE ${table()} ALTER ${column()} DROP DEFAULT`,
    () => `ALTER TABLE ${table()} ALTER ${column()} ${any(['SET', 'DROP'])} NOT NULL`,
    () => `ALTER TABLE ${table()} ALTER ${column()} SET STATISTICS ${random(100)}`,
    () => `ALTER TABLE ${table()} ALTER ${column()} SET STORAGE ${any(['PLAIN', 'EXTERNAL', 'MAIN'])}`,
    () => `ALTER TABLE ${table()} ALTER ${column()} DROP IDENTITY IF EXISTS`,
    () => `ALTER TABLE ${table()} SET (fillfactor = ${50 + random(50)})`,
    () => `ALTER TABLE ${table()} ${any(['ENABLE', 'DISABLE'])} ROW LEVEL SECURITY`,
    () => `ALTER TABLE ${table()} REPLICA IDENTITY ${any(['FULL', 'DEFAULT', 'USING INDEX i0'])}`,
    () => `ALTER TABLE ${table()} OWNER TO ${any(['r0', 'r1', 'postgres'])}`,
    () => `ALTER TABLE ${table()} ${any(['', 'NO '])}INHERIT ${table()}`,
    () => `ALTER TABLE ${table()} CLUSTER ON i${number()}`,
    () => `ALTER TABLE ${table()} SET ${any(['UNLOGGED', 'LOGGED'])}`,
    () => `CREATE ${any(['', 'UNIQUE '])}INDEX i${number()} ON ${table()} (${column()})`,
    () => `CREATE INDEX i${number()} ON ${table()} (f0(${column()})) WHERE id > 1`,
    () => `DROP INDEX ${any(['', 's1.'])}i${number()}`,
    () => `ALTER INDEX i${number()} RENAME TO i${number()}`,
    () => `REINDEX TABLE ${table()}`,
    () => `ALTER TABLE ${table()} ADD CONSTRAINT k${number()} CHECK (${column()} IS NOT NULL) NOT VALID`,
    () =>
      `ALTER TABLE ${table()} ADD CONSTRAINT k${number()} FOREIGN KEY (${column()}) REFERENCES ${table()} (id)`,
    () => `ALTER TABLE ${table()} ADD CONSTRAINT k${number()} UNIQUE USING INDEX i${number()}`,
    () => `ALTER TABLE ${table()} VALIDATE CONSTRAINT k${number()}`,
    () => `ALTER TABLE ${table()} DROP CONSTRAINT k${number()} CASCADE`,
    () => `ALTER TABLE ${table()} RENAME CONSTRAINT k${number()} TO k${number()}`,
    () => `CREATE VIEW v${number()} AS SELECT id, ${column()} FROM ${table()}`,
    () =>
      `CREATE OR REPLACE VIEW v${number()} AS SELECT t.id, u.${column()} FROM ${table()} t JOIN ${table()} u USING (id)`,
    () => `CREATE MATERIALIZED VIEW m${number()} AS SELECT * FROM ${table()} WITH NO DATA`,
    () => `REFRESH MATERIALIZED VIEW m${number()}`,
    () => `ALTER VIEW v${number()} RENAME TO v${number()}`,
    () => `DROP VIEW v${number()} CASCADE`,
    () => `DROP MATERIALIZED VIEW m${number()}`,
    () => `CREATE RULE u${number()} AS ON INSERT TO ${table()} DO ALSO SELECT ${number()}`,
    () => `DROP RULE u${number()} ON ${table()}`,
    () =>
      `CREATE OR REPLACE FUNCTION f${number()}(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT ${number()}'`,
    () => `CREATE FUNCTION g${number()}(a e0, b d0) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    () =>
      `CREATE OR REPLACE FUNCTION w${number()}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    () => `DROP FUNCTION ${any(['f', 'g', 'w'])}${number()} CASCADE`,
    () => `ALTER FUNCTION ${any(['f', 'w'])}${number()} RENAME TO ${any(['f', 'w'])}${number()}`,
    () => `ALTER FUNCTION f${number()} OWNER TO ${any(['r0', 'postgres'])}`,
    () =>
      `CREATE TRIGGER x${number()} BEFORE UPDATE ON ${table()} FOR EACH ROW EXECUTE FUNCTION w${number()}()`,
    () => `ALTER TABLE ${table()} ${any(['ENABLE', 'DISABLE'])} TRIGGER x${number()}`,
    () => `DROP TRIGGER x${number()} ON ${table()}`,
    () =>
      `CREATE POLICY p${number()} ON ${table()} TO ${any(['r0', 'r1', 'public'])} USING (id > ${number()})`,
    () => `ALTER POLICY p${number()} ON ${table()} RENAME TO p${number()}`,
    () => `DROP POLICY p${number()} ON ${table()}`,
    () => `GRANT ${any(['SELECT', 'SELECT (id)', 'INSERT'])} ON ${table()} TO ${any(['r0', 'r1', 'public'])}`,
    () => `REVOKE ALL ON ${table()} FROM ${any(['r0', 'r1', 'public'])}`,
    () => `GRANT ${any(['USAGE', 'CREATE'])} ON SCHEMA ${any(['s1', 'public'])} TO r0`,
    () => `REVOKE EXECUTE ON FUNCTION f${number()} FROM public`,
    () =>
      `ALTER DEFAULT PRIVILEGES ${any(['', 'IN SCHEMA s1 '])}${any(['GRANT SELECT ON TABLES TO', 'REVOKE SELECT ON TABLES FROM'])} r0`,
    () => `COMMENT ON TABLE ${table()} IS ${any(['NULL', "'a'", "'b'"])}`,
    () => `COMMENT ON COLUMN ${table()}.${column()} IS ${any(['NULL', "'a'", "'b'"])}`,
    () => `COMMENT ON FUNCTION f${number()} IS ${any(['NULL', "'a'"])}`,
    () => `COMMENT ON INDEX i${number()} IS ${any(['NULL', "'a'"])}`,
    () => `CREATE TYPE e${number()} AS ENUM ('a', 'b')`,
    () => `ALTER TYPE e${number()} ADD VALUE ${any(["'c'", "'d' BEFORE 'b'"])}`,
    () => `ALTER TYPE e${number()} RENAME VALUE 'a' TO 'z'`,
    () => `ALTER TYPE e${number()} RENAME TO e${number()}`,
    () => `DROP TYPE ${any(['e', 'y'])}${number()} ${any(['', 'CASCADE'])}`,
    () => `CREATE TYPE y${number()} AS (a int, b text)`,
    () => `ALTER TYPE y${number()} ADD ATTRIBUTE c${number()} int`,
    () => `CREATE TYPE y${number()} AS RANGE (subtype = int)`,
    () => `CREATE DOMAIN ${any(['', 's1.'])}d${number()} AS int CHECK (VALUE > 0)`,
    () => `ALTER DOMAIN d${number()} ${any(['SET NOT NULL', 'DROP NOT NULL', 'SET DEFAULT 1'])}`,
    () => `ALTER DOMAIN d${number()} ADD CONSTRAINT k${number()} CHECK (VALUE < 9)`,
    () => `ALTER DOMAIN d${number()} DROP CONSTRAINT k${number()}`,
    () => `DROP DOMAIN d${number()} CASCADE`,
    () => `CREATE SCHEMA ${any(['s1', 's2'])}`,
    () => `ALTER SCHEMA s1 RENAME TO s2`,
    () => `ALTER SCHEMA s1 OWNER TO ${any(['r0', 'postgres'])}`,
    () => `DROP SCHEMA ${any(['s1', 's2'])} CASCADE`,
    () => `CREATE SEQUENCE q${number()} INCREMENT ${1 + random(3)}`,
    () => `ALTER SEQUENCE q${number()} OWNED BY ${any(['NONE', 't0.id', 't1.id'])}`,
    () => `ALTER SEQUENCE q${number()} ${any(['CYCLE', 'NO CYCLE', 'CACHE 5', 'RENAME TO q1'])}`,
    () => `DROP SEQUENCE q${number()} CASCADE`,
    () => `CREATE STATISTICS a${number()} ON id, ${column()} FROM ${table()}`,
    () => `DROP STATISTICS a${number()}`,
    () => `ALTER STATISTICS a${number()} RENAME TO a${number()}`,
    () => `CREATE PUBLICATION b${number()} FOR TABLE ${table()}`,
    () => `ALTER PUBLICATION b${number()} ${any(['ADD', 'DROP'])} TABLE ${table()}`,
    () => `DROP PUBLICATION b${number()}`,
    () => `CREATE COLLATION l${number()} (provider = libc, locale = 'C')`,
    () => `ALTER COLLATION l${number()} RENAME TO l${number()}`,
    () => `ALTER TABLE ${table()} ALTER c0 TYPE text COLLATE l${number()}`,
    () => `CREATE ROLE ${any(['r0', 'r1'])}`,
    () => `ALTER ROLE r0 RENAME TO r1`,
    () => `REASSIGN OWNED BY r0 TO postgres`,
    () => `DROP OWNED BY r1 CASCADE`,
    () => `INSERT INTO ${table()} (id) VALUES (${random(1000)})`,
    () => `VACUUM FULL pg_class`,
    () => `CREATE TEMP TABLE t${number()} (id int)`,
    () =>
      `SET search_path = ${any(['s1, public', 'public', 'public, s2', 'public, pg_catalog', 'public', 'public'])}`,
  ];
  return () => forms[random(forms.length)]?.() ?? '';
}

describe('the catalog read by what has changed', () => {
  test.each([1, 2, 3])(
    'is the whole catalog, after hundreds of statements (seed %i)',
    async (seed) => {
      const random = numbers(seed);
      const next = statements(random);
      await readCatalog(session);
      let done = 0;

      for (let round = 0; round < 150; round++) {
        for (const sql of NEEDED) if (random(2) === 0) await attempt(sql);
        const said: string[] = [];
        const kind = random(6);
        if (kind <= 1) await session.run('BEGIN');
        for (let at = 0; at < 1 + random(6); at++) {
          const sql = next();
          if (kind <= 1) await session.run('SAVEPOINT a');
          const ok = await attempt(sql);
          if (kind <= 1 && !ok) await session.run('ROLLBACK TO SAVEPOINT a');
          if (ok) said.push(sql);
        }
        // A look inside of the transaction too: what it wrote before has been seen, and it goes on to write.
        if (kind === 0) {
          await readCatalog(session);
          const more = next();
          await session.run('SAVEPOINT b');
          if (await attempt(more)) said.push(more);
          else await session.run('ROLLBACK TO SAVEPOINT b');
        }
        if (kind <= 1) await session.run(random(4) === 0 ? 'ROLLBACK' : 'COMMIT');
        done += said.length;
        const path = (await session.query('SHOW search_path'))[0]?.['search_path'];
        const changed = listed(await readCatalog(session));
        expect(changed, `after ${said.join('; ')}`).toEqual(await whole());
        // Reading leaves the session as it was.
        expect((await session.query('SHOW search_path'))[0]?.['search_path']).toBe(path);
      }
      // Most statements meet what they need, or the test would say nothing.
      expect(done).toBeGreaterThan(100);
    },
    120_000,
  );
});
