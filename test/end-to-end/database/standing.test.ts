import { expect, it } from 'vitest';
import { parsed } from '../cli/run-cli.ts';
import { onEachServer } from './each-server.ts';
import { BOOKS, migration, type Scene } from './scene.ts';

const CREATE = 'migrations/20260101120000_create_books.sql';
const TITLE = 'migrations/20260102120000_add_title.sql';
const standings = async ({ run }: Scene): Promise<readonly (string | undefined)[]> =>
  parsed(await run(['status', '--json'])).status?.migrations.map(({ standing }) => standing) ?? [];

onEachServer('status, plan, baseline and repair', (open) => {
  it('status tells pending, applied, edited and missing, and ends with 6 where files disagree', async () => {
    const books = await open(BOOKS);
    const before = await books.run(['status']);
    expect(before.code).toBe(0);
    expect(before.out).toContain('no migration has run here yet');
    expect(before.out).toMatch(/^ {2}pending {3}20260101120000 create_books$/m);
    expect(before.out).toContain('2 pending');
    expect(await books.column(`SELECT to_regclass('_migration_history')::text`)).toEqual([null]);

    expect((await books.run(['up'])).code).toBe(0);
    const quiet = await books.run(['status']);
    expect(quiet.out).toContain('… and 2 applied (--verbose shows them)');
    expect((await books.run(['status', '--verbose'])).out).toMatch(
      /^ {2}applied {3}20260102120000 add_title {2}\(/m,
    );

    books.write(CREATE, migration('CREATE TABLE books (id integer PRIMARY KEY);', 'DROP TABLE books;'));
    books.remove(TITLE);
    const { code, out } = await books.run(['status']);
    expect(code).toBe(6);
    expect(out).toMatch(/^ {2}edited {4}20260101120000 create_books/m);
    expect(out).toMatch(/^ {2}missing {3}20260102120000 add_title/m);
    expect(out).toContain('history and files disagree\nnext: airlock repair');

    // A file that is gone is settled only where it is named.
    books.write(CREATE, BOOKS[CREATE]);
    expect((await books.run(['repair', '--yes'])).out).toBe('nothing to repair\n');
    expect((await books.run(['up'])).code).toBe(6);
    const repaired = await books.run(['repair', '20260102120000', '--yes']);
    expect(repaired.code, repaired.err).toBe(0);
    expect(repaired.out).toContain('its file is gone: the history says rolled back, and nothing is run');
    expect((await books.run(['status'])).code).toBe(0);
  });

  it('repair asks what became of the statement that a run was cut off in, and up goes on from there', async () => {
    const STEPS = 'migrations/20260103120000_steps.sql';
    const books = await open({
      ...BOOKS,
      [STEPS]: migration(
        '-- @no-transaction\nCREATE TABLE first_step (id bigint PRIMARY KEY);\nCREATE TABLE second_step (id bigint PRIMARY KEY);',
        'DROP TABLE IF EXISTS second_step;\nDROP TABLE IF EXISTS first_step;',
      ),
    });
    expect((await books.run(['up'])).code).toBe(0);
    // As a run leaves it that is killed in its second statement, before the server did it.
    await books.sql(`DROP TABLE second_step;
      UPDATE _migration_history SET status = 'running', statements_begun = 2, statements_done = 1,
        backend_pid = NULL, backend_start = NULL, done_digest = NULL WHERE migration_id = '20260103120000'`);
    expect(await standings(books)).toEqual(['applied', 'applied', 'running']);
    const shown = await books.run(['status']);
    expect(shown.out).toContain('1 of 2 statements done; statement 2 was begun');

    const asked = await books.run(['repair', '--yes']);
    expect(asked.code).toBe(6);
    expect(asked.err).toContain('statement 2 was begun by a run that was cut off');
    expect(asked.err).toContain('airlock repair 20260103120000 --statement done, or --statement undone');

    const undone = ['repair', '20260103120000', '--statement', 'undone'];
    const told = await books.run(undone);
    expect(told.code).toBe(2);
    expect(told.out).toContain('it goes on behind statement 1 of 2, because statement 2 is undone');
    expect(await standings(books)).toEqual(['applied', 'applied', 'running']);
    const repaired = await books.run([...undone, '--yes']);
    expect(repaired.code, repaired.err).toBe(0);
    expect(
      await books.column(`SELECT migration_id FROM _migration_audit_log WHERE action = 'repair'`),
    ).toEqual(['20260103120000']);
    const { code, err } = await books.run(['up']);
    expect(code, err).toBe(0);
    expect(await books.column(`SELECT to_regclass('second_step')::text`)).toEqual(['second_step']);
  });

  it('plan gives the list and its digest, which changes with what would run', async () => {
    const books = await open(BOOKS);
    const whole = await books.run(['plan']);
    expect(whole.code).toBe(0);
    expect(whole.out).toMatch(
      /^plan: 2 migrations, digest [0-9a-f]{64}\n {2}↑ 20260101120000 create_books {2}migrations\//,
    );
    const one = parsed(await books.run(['plan', '--steps', '1', '--json']));
    expect(one.reasonCode).toBe('planned');
    expect(one.plan?.migrations.map(({ id, reversible }) => [id, reversible])).toEqual([
      ['20260101120000', true],
    ]);
    expect(whole.out).not.toContain(one.plan?.digest);
    expect(parsed(await books.run(['plan', '--target', '20260101120000', '--json'])).plan?.digest).toBe(
      one.plan?.digest,
    );
    expect((await books.run(['plan', '--target', 'nobody'])).code).toBe(2);
    expect(await books.column(`SELECT to_regclass('_migration_history')::text`)).toEqual([null]);
    expect((await books.run(['up'])).code).toBe(0);
    expect(parsed(await books.run(['plan', '--json'])).reasonCode).toBe('nothing-to-do');
    books.write(CREATE, migration('SELECT 1;', 'SELECT 1;'));
    expect((await books.run(['plan'])).code).toBe(6);
  });

  it('baseline shows, and recorded nothing until it is told to; then up starts behind it', async () => {
    const books = await open(BOOKS);
    await books.sql('CREATE TABLE books (id bigint PRIMARY KEY)');
    const shown = await books.run(['baseline', '20260101120000']);
    expect(shown.code).toBe(2);
    expect(shown.out).toBe('  20260101120000 create_books\n');
    expect(shown.err).toContain('next: airlock baseline 20260101120000 --yes');
    expect(await books.column(`SELECT to_regclass('_migration_history')::text`)).toEqual([null]);
    expect((await books.run(['baseline', 'nobody', '--yes'])).code).toBe(2);

    expect((await books.run(['baseline', '20260101120000', '--yes'])).out).toContain('1 recorded as there');
    expect(await standings(books)).toEqual(['baselined', 'pending']);
    expect(
      await books.column(
        `SELECT details::json ->> 'migrations' FROM _migration_audit_log WHERE action = 'baseline'`,
      ),
    ).toEqual(['["20260101120000"]']);
    const again = await books.run(['baseline', '20260101120000', '--yes']);
    expect(again.code).toBe(0);
    expect(again.out).toContain('nothing to do: all up to 20260101120000 are recorded');
    const { code, err } = await books.run(['up']);
    expect(code, err).toBe(0);
    expect(await standings(books)).toEqual(['baselined', 'applied']);
  });
});
