import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedBinaries, type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { type Ended, parsed } from '../cli/run-cli.ts';
import { BOOKS, migration, openScene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

function checksOf(ended: Ended) {
  return Object.fromEntries(
    (parsed(ended).verification?.checks ?? []).map(({ name, ...check }) => [name, check]),
  );
}

describe.concurrent('airlock verify', () => {
  it('finds everything whole', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    await scene.run(['up']);
    await scene.sql('CREATE EXTENSION amcheck; INSERT INTO books SELECT n FROM generate_series(1, 1000) n');
    const ended = await scene.run(['verify']);
    expect(ended.out).toContain('1 pass; 1 applied migration has none');
    expect(ended.out).toContain('every constraint is validated');
    expect(ended.out).toMatch(/amcheck +\d+ tables and indexes are whole/);
    expect(ended.code).toBe(0);
  });

  it('says that nothing was read where there is no amcheck', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    const ended = await scene.run(['verify', '--json']);
    expect(ended.code).toBe(0);
    expect(checksOf(ended)['amcheck']).toMatchObject({
      status: 'unknown',
      next: 'CREATE EXTENSION amcheck;',
    });
  });

  it('names a damaged index', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    // An index whose order is another one than that of its comparison is what a new collation leaves behind.
    await scene.sql(`CREATE EXTENSION amcheck;
      CREATE FUNCTION compare(a int4, b int4) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT btint4cmp(a, b) $$;
      CREATE OPERATOR CLASS odd FOR TYPE int4 USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 compare(int4, int4);
      CREATE TABLE numbers (n int4); INSERT INTO numbers SELECT generate_series(1, 1000);
      CREATE INDEX numbers_n ON numbers USING btree (n odd);
      CREATE OR REPLACE FUNCTION compare(a int4, b int4) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT -btint4cmp(a, b) $$;`);
    const ended = await scene.run(['verify', '--json']);
    expect(ended.code).toBe(1);
    expect(parsed(ended).reasonCode).toBe('verification-failed');
    expect(checksOf(ended)['amcheck']).toMatchObject({
      status: 'failed',
      details: [expect.stringMatching(/^public.numbers_n: item order invariant violated/)],
    });
  });

  it('counts the rows that break what was never validated', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    await scene.run(['up']);
    await scene.sql(`INSERT INTO books VALUES (1, 'a'), (2, 'long enough'), (3, NULL);
      CREATE TABLE loans (book bigint, "by whom" text); INSERT INTO loans VALUES (1), (7), (NULL);
      ALTER TABLE books ADD CONSTRAINT long CHECK (length(title) > 3) NOT VALID;
      ALTER TABLE loans ADD CONSTRAINT of_a_book FOREIGN KEY (book) REFERENCES books (id) NOT VALID;
      ALTER TABLE loans ADD CONSTRAINT somebody NOT NULL "by whom" NOT VALID;
      ALTER TABLE loans ADD CONSTRAINT fine CHECK (book < 100) NOT VALID`);
    const ended = await scene.run(['verify', '--json']);
    expect(ended.code).toBe(1);
    expect(checksOf(ended)['constraints']).toMatchObject({
      status: 'failed',
      message: '4 constraints are not validated, and rows break 3',
      details: [
        'long on public.books: 1 rows break it',
        'fine on public.loans: no row breaks it',
        'of_a_book on public.loans: 1 rows break it',
        'somebody on public.loans: 3 rows break it',
      ],
    });
    await scene.sql(
      'TRUNCATE loans, books; ALTER TABLE loans DROP CONSTRAINT fine, DROP CONSTRAINT somebody, DROP CONSTRAINT of_a_book',
    );
    const clean = await scene.run(['verify', '--json']);
    expect(clean.code).toBe(0);
    expect(checksOf(clean)['constraints']).toMatchObject({
      status: 'warning',
      next: 'ALTER TABLE public.books VALIDATE CONSTRAINT "long";',
    });
  });

  it('runs each VERIFY of what is applied, and lets none of them write', async () => {
    const writes = migration(
      `CREATE TABLE notes (id bigint PRIMARY KEY);
CREATE FUNCTION note() RETURNS void LANGUAGE sql AS 'INSERT INTO notes VALUES (1)';`,
      'DROP FUNCTION note();\nDROP TABLE notes;',
      'SELECT note();',
    );
    const scene = await openScene(server.connectionString, {
      ...BOOKS,
      'migrations/20260103120000_notes.sql': writes,
    });
    const up = await scene.run(['up']);
    expect(up.code, up.out + up.err).toBe(0);
    const unknown = await scene.run(['verify', '--json']);
    expect(unknown.code).toBe(0);
    expect(checksOf(unknown)['VERIFY sections']).toMatchObject({
      status: 'unknown',
      details: [
        expect.stringContaining('20260103120000 notes: cannot execute INSERT in a read-only transaction'),
      ],
    });
    expect(await scene.column('SELECT id FROM notes')).toEqual([]);
    await scene.sql('DROP TABLE books');
    const failed = await scene.run(['verify', '--json']);
    expect(failed.code).toBe(1);
    expect(checksOf(failed)['VERIFY sections']).toMatchObject({
      status: 'failed',
      details: [
        '20260101120000 create_books: division by zero (22012)',
        expect.stringContaining('20260103120000 notes'),
      ],
    });
  });

  it('tells a VERIFY that a later migration outlived from one that found something', async () => {
    const scene = await openScene(server.connectionString, {
      ...BOOKS,
      'migration.config.yml': 'directory: migrations\nshadow: embedded\n',
      'migrations/20260103120000_checked.sql': migration(
        'ALTER TABLE books ADD CONSTRAINT long CHECK (length(title) > 3) NOT VALID;',
        'ALTER TABLE books DROP CONSTRAINT long;',
        "SELECT 1 / count(*) FROM pg_constraint WHERE conname = 'long';",
      ),
      'migrations/20260104120000_unchecked.sql': migration(
        'ALTER TABLE books DROP CONSTRAINT long;',
        'ALTER TABLE books ADD CONSTRAINT long CHECK (length(title) > 3) NOT VALID;',
      ),
    });
    const up = await scene.run(['up']);
    expect(up.code, up.out + up.err).toBe(0);
    const past = await scene.run(['verify', '--json']);
    expect(past.code).toBe(0);
    expect(checksOf(past)['VERIFY sections']).toEqual({
      status: 'ok',
      message: '1 pass; 1 fails on a new database with the same history, too; 2 applied migrations have none',
      details: ['20260103120000 checked: a later migration changed what it looks for'],
    });
    await scene.sql('ALTER TABLE books RENAME TO volumes');
    const found = await scene.run(['verify', '--json']);
    expect(found.code).toBe(1);
    expect(checksOf(found)['VERIFY sections']).toMatchObject({
      status: 'failed',
      details: [
        '20260101120000 create_books: division by zero (22012)',
        '20260103120000 checked: a later migration changed what it looks for',
      ],
    });
  });

  it('gives checksums of tables that go by the rows and not by their order', async () => {
    const scene = await openScene(server.connectionString, BOOKS);
    await scene.run(['up']);
    await scene.sql(
      `INSERT INTO books VALUES (1, 'a'), (2, 'b'); CREATE TABLE again AS TABLE books ORDER BY id DESC; CREATE TABLE other AS SELECT 1::bigint, 'a'`,
    );
    const all = await scene.run(['verify', '--json', '--checksums']);
    expect(all.code).toBe(0);
    const sums = new Map(parsed(all).verification?.checksums?.map((each) => [each.table, each]));
    expect(sums.get('public.books')).toMatchObject({
      rows: 2,
      digest: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect([...sums.keys()]).toEqual(['public.again', 'public.books', 'public.other']);
    expect(sums.get('public.again')?.digest).toBe(sums.get('public.books')?.digest);
    expect(sums.get('public.other')?.digest).not.toBe(sums.get('public.books')?.digest);
    await scene.sql(`UPDATE books SET title = 'c' WHERE id = 2`);
    const one = await scene.run(['verify', '--checksums=books, again']);
    expect(one.code).toBe(0);
    expect(one.out).toContain(`${sums.get('public.again')?.digest}  public.again  2 rows`);
    expect(one.out).not.toContain(sums.get('public.other')?.digest);
    expect(one.out).toMatch(/[0-9a-f]{32} {2}public\.books {2}2 rows/);
    const missing = await scene.run(['verify', '--checksums=nowhere']);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('there is no table "nowhere"');
  });
});

const binaries15 = installedBinaries(15);
if (binaries15 === undefined) console.warn('not tested on PostgreSQL 15: it is not installed');
describe.skipIf(binaries15 === undefined)('airlock verify on PostgreSQL 15', () => {
  it('reads the same', async () => {
    const old = await startPostgres(binaries15);
    try {
      const scene = await openScene(old.connectionString, BOOKS);
      await scene.run(['up']);
      await scene.sql('CREATE EXTENSION amcheck; ALTER TABLE books ADD CHECK (id > 0) NOT VALID');
      const ended = await scene.run(['verify', '--json', '--checksums=books']);
      expect(ended.code, ended.out + ended.err).toBe(0);
      expect(checksOf(ended), ended.out).toMatchObject({
        amcheck: { status: 'ok' },
        constraints: { status: 'warning' },
        'VERIFY sections': { status: 'ok' },
      });
    } finally {
      await old.stop();
    }
  });
});
