import { expect, it } from 'vitest';
import { parsed } from '../cli/run-cli.ts';
import { onEachServer } from './each-server.ts';
import { BOOKS, migration, type Scene } from './scene.ts';

const ONE_WAY = migration('ALTER TABLE books ADD COLUMN note text;', '');
const needs = (id: string): string =>
  migration('SELECT 1;', 'SELECT 1;', undefined, `, "dependencies": ["${id}"]`);

const standings = async ({ run }: Scene): Promise<Record<string, string>> => {
  const { status } = parsed(await run(['status', '--json']));
  return Object.fromEntries((status?.migrations ?? []).map(({ id, standing }) => [id, standing]));
};
const rollbacks = ({ column }: Scene): Promise<readonly (string | null)[]> =>
  column(`SELECT concat_ws(' ', migration_id, status, reason) FROM _migration_rollback_history ORDER BY id`);

onEachServer('down', (open) => {
  it('takes back the newest, marks its row, adds one to the rollbacks, and lets it be applied again', async () => {
    const books = await open(BOOKS);
    expect((await books.run(['down'])).out).toContain('nothing to do: no migration is applied');
    expect((await books.run(['up'])).code).toBe(0);

    const shown = await books.run(['down', '--dry-run']);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('ALTER TABLE books DROP COLUMN title;');
    expect(await rollbacks(books)).toEqual([]);

    const { code, out } = await books.run(['down']);
    expect(code).toBe(0);
    expect(out).toMatch(/↓ 20260102120000 add_title {2}rolled back in /);
    expect(await standings(books)).toEqual({ '20260101120000': 'applied', '20260102120000': 'pending' });
    expect(await rollbacks(books)).toEqual(['20260102120000 rolled_back command']);
    expect(await books.column('SELECT status FROM _migration_history ORDER BY id')).toEqual([
      'applied',
      'rolled_back',
    ]);
    expect((await books.run(['up'])).code).toBe(0);

    const all = parsed(await books.run(['down', '--steps', '2', '--json']));
    expect(all.reasonCode).toBe('rolled-back');
    expect(all.executions?.map(({ migrationId }) => migrationId)).toEqual([
      '20260102120000',
      '20260101120000',
    ]);
    expect(await books.column(`SELECT to_regclass('books')::text`)).toEqual([null]);
  });

  it('says what it loses, where the tables hold rows', async () => {
    const books = await open(BOOKS);
    expect((await books.run(['up'])).code).toBe(0);
    expect((await books.run(['down', '--dry-run', '--steps', '2'])).out).not.toContain('loses');
    await books.sql(`INSERT INTO books SELECT n, 'a' FROM generate_series(1, 1200) n`);
    expect((await books.run(['down', '--dry-run'])).out).toContain(
      '\nloses: the values of books.title, rows that nobody has counted (20260102120000)\n',
    );
    await books.sql('ANALYZE books');
    expect(parsed(await books.run(['down', '--dry-run', '--steps', '2', '--json'])).losses).toEqual([
      { migrationId: '20260102120000', kind: 'column', name: 'books.title', rows: 1200 },
      { migrationId: '20260101120000', kind: 'table', name: 'books', rows: 1200 },
    ]);
    const { code, out } = await books.run(['down', '--steps', '2']);
    expect(code).toBe(0);
    expect(out).toMatch(/loses: the table books, about 1,200 rows \(20260101120000\)\n[\s\S]*rolled back/);
  });

  it('goes back to a target, which stays', async () => {
    const books = await open({ ...BOOKS, 'migrations/20260103120000_more.sql': needs('20260101120000') });
    expect((await books.run(['up'])).code).toBe(0);
    expect((await books.run(['down', '--target', '20260101120000'])).code).toBe(0);
    expect(await standings(books)).toEqual({
      '20260101120000': 'applied',
      '20260102120000': 'pending',
      '20260103120000': 'pending',
    });
    const { code, err } = await books.run(['down', '--target', '20260102120000']);
    expect(code).toBe(2);
    expect(err).toContain('"20260102120000" is not applied, so it cannot be the one that stays.');
  });

  it('takes back first what depends on others, however they came to be applied', async () => {
    const both = {
      ...BOOKS,
      'migrations/20260103120000_needs_later.sql': needs('20260104120000'),
      'migrations/20260104120000_later.sql': needs('20260101120000'),
    };
    const applied = await open(both);
    expect((await applied.run(['up'])).code).toBe(0);
    const recorded = await open(both);
    expect((await recorded.run(['baseline', '20260104120000', '--yes'])).code).toBe(0);
    for (const books of [applied, recorded]) {
      const back = parsed(await books.run(['down', '--steps', '2', '--json']));
      expect(back.executions?.map(({ migrationId, status }) => [migrationId, status])).toEqual([
        ['20260103120000', 'rolled-back'],
        ['20260104120000', 'rolled-back'],
      ]);
    }
  });

  it('keeps what an applied migration depends on, unless it is forced', async () => {
    const [CREATE, TITLE] = Object.keys(BOOKS) as (keyof typeof BOOKS)[];
    if (!CREATE || !TITLE) throw new Error('two migrations');
    const depending = (file: keyof typeof BOOKS, id: string): string =>
      BOOKS[file].replace('"tags": []', `"tags": [], "dependencies": ["${id}"]`);
    const books = await open({ ...BOOKS, [TITLE]: depending(TITLE, '20260101120000') });
    expect((await books.run(['up'])).code).toBe(0);
    // Only an edited file makes a circle of what is applied.
    books.write(CREATE, depending(CREATE, '20260102120000'));
    const { code, err } = await books.run(['down']);
    expect(code).toBe(2);
    expect(err).toContain('20260101120000 depends on 20260102120000, and would stay.');
    expect((await books.run(['down', '--force'])).code).toBe(0);
    expect(await rollbacks(books)).toEqual(['20260102120000 rolled_back command']);
  });

  it('refuses what has no down, and when forced says loudly that it only writes it down', async () => {
    const books = await open({ ...BOOKS, 'migrations/20260103120000_one_way.sql': ONE_WAY });
    const applied = await books.run(['up', '--force']);
    expect(applied.code, applied.err).toBe(0);
    const { code, err } = await books.run(['down']);
    expect(code).toBe(2);
    expect(err).toContain(
      '20260103120000 one_way has no down: what it made stays, whatever the history says.',
    );
    expect(await rollbacks(books)).toEqual([]);

    const forced = await books.run(['down', '--force']);
    expect(forced.code).toBe(0);
    expect(forced.out).toContain('↓ 20260103120000 one_way  RECORDED as rolled back; nothing was run');
    expect(await rollbacks(books)).toEqual(['20260103120000 forced command']);
    expect(
      await books.column(
        `SELECT column_name::text FROM information_schema.columns WHERE table_name = 'books' AND column_name = 'note'`,
      ),
    ).toEqual(['note']);
    expect(
      await books.column(
        `SELECT details::json ->> 'nothingWasRun' FROM _migration_audit_log WHERE migration_id = '20260103120000' ORDER BY id DESC LIMIT 1`,
      ),
    ).toEqual(['true']);
  });

  it('refuses an edited file, whose down may be another one too', async () => {
    const books = await open(BOOKS);
    expect((await books.run(['up'])).code).toBe(0);
    books.write(
      'migrations/20260102120000_add_title.sql',
      migration('SELECT 1;', 'ALTER TABLE books DROP COLUMN title;'),
    );
    const { code, err } = await books.run(['down']);
    expect(code).toBe(6);
    expect(err).toContain('20260102120000 add_title: its file is another one');
    expect((await books.run(['down', '--force'])).code).toBe(0);
  });

  it('ends with 3 where the down fails, and the migration stays applied', async () => {
    const books = await open({
      ...BOOKS,
      'migrations/20260103120000_stuck.sql': migration('SELECT 1;', 'DO $$ BEGIN PERFORM 1 / 0; END $$;'),
    });
    const applied = await books.run(['up']);
    expect(applied.code, applied.err).toBe(0);
    const { code, out, err } = await books.run(['down']);
    expect(code).toBe(3);
    expect(out).toContain('division by zero');
    expect(err).toContain('20260103120000 stuck was not rolled back.');
    expect((await standings(books))['20260103120000']).toBe('applied');
    expect(await rollbacks(books)).toEqual(['20260103120000 failed command']);
  });
});
