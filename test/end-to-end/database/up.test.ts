import { expect, it } from 'vitest';
import { parsed } from '../cli/run-cli.ts';
import { onEachServer } from './each-server.ts';
import { BOOKS, FAILS, migration, type Scene } from './scene.ts';

const CONFIGURATION = `directory: migrations
environments:
  development: { skipBackup: true }
`;
/** The rules alone judge where no proof can be made: these are not about the proof. */
const NO_SHADOW = 'shadow: postgres://nobody@127.0.0.1:1/nowhere\n';
const JSON_COLUMN = migration(
  'ALTER TABLE books ADD COLUMN payload json;',
  'ALTER TABLE books DROP COLUMN payload;',
);
const NOTE = migration('ALTER TABLE books ADD COLUMN note text;', 'ALTER TABLE books DROP COLUMN note;');
const needs = (...ids: readonly string[]): string => `, "dependencies": ${JSON.stringify(ids)}`;
const nothing = (metadata: string): string => migration('SELECT 1;', 'SELECT 1;', undefined, metadata);

const history = ({ column }: Scene): Promise<readonly (string | null)[]> =>
  column(`SELECT migration_id || ' ' || status FROM _migration_history ORDER BY id`);
const installed = async ({ column }: Scene): Promise<boolean> =>
  (await column(`SELECT to_regclass('_migration_history')::text`))[0] !== null;

onEachServer('up', (open) => {
  const scene = (more: Readonly<Record<string, string>> = {}): Promise<Scene> =>
    open({ ...BOOKS, 'migration.config.yml': CONFIGURATION, ...more });

  it('goes so many steps, as far as a target, to the end, and then has nothing to do', async () => {
    const books = await scene({ 'migrations/20260103120000_note.sql': NOTE });
    const first = await books.run(['up', '--env', 'development', '--steps', '1']);
    expect(first.code, first.err).toBe(0);
    expect(first.out).toMatch(/↑ 20260101120000 create_books {2}applied in /);
    expect(first.out).toContain('1 applied');
    expect(first.err).toBe('');
    expect(await history(books)).toEqual(['20260101120000 applied']);

    const second = parsed(await books.run(['up', '--target', '20260102120000', '--json']));
    expect(second).toMatchObject({ reasonCode: 'applied', applied: ['20260102120000'] });
    expect((await books.run(['up'])).code).toBe(0);
    expect(await history(books)).toEqual([
      '20260101120000 applied',
      '20260102120000 applied',
      '20260103120000 applied',
    ]);

    const last = await books.run(['up', '--json']);
    expect(last.code).toBe(0);
    expect(parsed(last).reasonCode).toBe('nothing-to-do');
  });

  it('ends with 2 where it is not understood, and names what was meant', async () => {
    const books = await scene();
    const unknown = await books.run(['up', '--target', '20260101120001']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('did you mean 20260101120000?');
    expect((await books.run(['up', '--steps', 'many'])).code).toBe(2);
    const environment = await books.run(['up', '--env', 'produktion']);
    expect(environment.code).toBe(2);
    expect(environment.err).toContain('produktion');
    expect(await installed(books)).toBe(false);
  });

  it('ends with 3 where a migration fails, leaves nothing of it, and goes on once it is corrected', async () => {
    const books = await scene({
      'migrations/20260103120000_fails.sql': FAILS,
      'migrations/20260104120000_note.sql': NOTE,
    });
    const { code, out, err } = await books.run(['up']);
    expect(code).toBe(3);
    expect(out).toMatch(/20260103120000 fails {2}FAILED after .*: nothing of it is left in the database/);
    expect(out).toContain('migrations/20260103120000_fails.sql:3 division by zero');
    expect(err).toContain('20260103120000 fails: a statement failed. 1 not begun.');
    expect(err).toContain('next: correct the file, then airlock up again');
    const told = parsed(await books.run(['status', '--json']));
    expect(told.status?.migrations.map(({ standing }) => standing)).toEqual([
      'applied',
      'applied',
      'failed',
      'pending',
    ]);
    books.write('migrations/20260103120000_fails.sql', nothing(''));
    expect((await books.run(['up'])).code).toBe(0);
    expect(await history(books)).toContain('20260104120000 applied');
  });

  it('goes past warnings when it is forced, and never past an error', async () => {
    const strict = await scene({
      'migration.config.yml': `${CONFIGURATION}failOn: warning\n${NO_SHADOW}`,
      'migrations/20260103120000_payload.sql': JSON_COLUMN,
    });
    const refused = await strict.run(['up']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('(type-json)');
    expect(await installed(strict)).toBe(false);
    const forced = await strict.run(['up', '--force']);
    expect(forced.code, forced.err).toBe(0);
    expect(forced.out).toContain('1 warning');
    strict.write(
      'migrations/20260104120000_drops.sql',
      migration('ALTER TABLE books DROP COLUMN title;', 'ALTER TABLE books ADD COLUMN title text;'),
    );
    const { code, err } = await strict.run(['up', '--force']);
    expect(code).toBe(1);
    expect(err).toContain('(drop-column)');
  });

  it('refuses what sorts before the applied, unless it is forced or the configuration allows it', async () => {
    const late = await scene();
    expect((await late.run(['up'])).code).toBe(0);
    late.write('migrations/20260101130000_late.sql', nothing(''));
    const { code, err } = await late.run(['up']);
    expect(code).toBe(6);
    expect(err).toContain('20260101130000 late sorts before a migration that was applied.');
    expect((await late.run(['status'])).code).toBe(6);
    const forced = await late.run(['up', '--force']);
    expect(forced.code, forced.err).toBe(0);
    expect(forced.err).toContain('warning: forced past: 20260101130000 late sorts before');
    late.write('migrations/20260101140000_later.sql', nothing(''));
    late.write('migration.config.yml', `${CONFIGURATION}outOfOrder: allow\n`);
    expect((await late.run(['up'])).code).toBe(0);
    expect((await history(late)).at(-1)).toBe('20260101140000 applied');
  });

  it('runs first what others depend on, and refuses ids that are not there and circles', async () => {
    const ordered = await scene({
      'migrations/20260103120000_needs_later.sql': nothing(needs('20260104120000')),
      'migrations/20260104120000_later.sql': nothing(needs('20260101120000')),
    });
    expect((await ordered.run(['up'])).code).toBe(0);
    expect(await history(ordered)).toEqual([
      '20260101120000 applied',
      '20260102120000 applied',
      '20260104120000 applied',
      '20260103120000 applied',
    ]);

    const unknown = await scene({
      'migrations/20260103120000_needs.sql': nothing(needs('20260102120001')),
    });
    const { code, err } = await unknown.run(['up']);
    expect(code).toBe(2);
    expect(err).toContain('20260103120000 depends on "20260102120001"');
    expect(err).toContain('did you mean 20260102120000?');
    expect(await installed(unknown)).toBe(false);

    const circle = await scene({
      'migrations/20260103120000_one.sql': nothing(needs('20260104120000')),
      'migrations/20260104120000_two.sql': nothing(needs('20260103120000')),
    });
    const waits = await circle.run(['up', '--json']);
    expect(waits.code).toBe(2);
    expect(parsed(waits).reasonCode).toBe('dependencies-broken');
    expect(parsed(waits).message).toContain('wait for each other');
    expect(await installed(circle)).toBe(false);
  });

  it('is never forced past an edited file, and repair settles it, shown first and audited', async () => {
    const edited = await scene();
    expect((await edited.run(['up'])).code).toBe(0);
    edited.write('migrations/20260102120000_add_title.sql', NOTE);
    edited.write('migrations/20260103120000_more.sql', nothing(''));
    const { code, err } = await edited.run(['up', '--force']);
    expect(code).toBe(6);
    expect(err).toContain('20260102120000 add_title was applied, and its file is another one since.');
    expect(err).toContain('airlock repair 20260102120000');

    const shown = await edited.run(['repair']);
    expect(shown.code).toBe(2);
    expect(shown.out).toMatch(/^20260102120000: checksum [0-9a-f]{12}… becomes [0-9a-f]{12}…/);
    expect(shown.err).toContain('next: airlock repair 20260102120000 --yes');
    expect((await edited.run(['status'])).code).toBe(6);

    const repaired = await edited.run(['repair', '20260102120000', '--yes']);
    expect(repaired.code, repaired.err).toBe(0);
    expect(repaired.out).toContain('1 repaired');
    expect(
      await edited.column(`SELECT migration_id FROM _migration_audit_log WHERE action = 'repair'`),
    ).toEqual(['20260102120000']);
    expect((await edited.run(['up'])).code).toBe(0);
    const nothingLeft = await edited.run(['repair', '--yes']);
    expect(nothingLeft.code).toBe(0);
    expect(nothingLeft.out).toBe('nothing to repair\n');
    expect((await edited.run(['repair', 'nobody'])).code).toBe(2);
  });

  it('asks for downtime where the metadata does', async () => {
    const quiet = await scene({
      'migrations/20260103120000_quiet.sql': nothing(', "requiresDowntime": true'),
    });
    const { code, err } = await quiet.run(['up']);
    expect(code).toBe(2);
    expect(err).toContain('20260103120000 quiet requires downtime.');
    expect(await installed(quiet)).toBe(false);
    expect((await quiet.run(['up', '--allow-downtime'])).code).toBe(0);
    expect((await history(quiet)).at(-1)).toBe('20260103120000 applied');
  });

  it('tries a plan in the database, and leaves nothing of it', async () => {
    const tried = await scene();
    const { code, out } = await tried.run(['up', '--dry-run=database']);
    expect(code).toBe(0);
    expect(out).toMatch(/^plan: 2 migrations/m);
    expect(out).toContain('CREATE TABLE books');
    expect(out).toContain('2 ran and were rolled back: nothing is changed');
    expect(await tried.column(`SELECT to_regclass('books')::text`)).toEqual([null]);
    expect(await tried.column('SELECT count(*) FROM _migration_history')).toEqual(['0']);

    tried.write('migrations/20260103120000_fails.sql', FAILS);
    const failed = await tried.run(['up', '--dry-run=database']);
    expect(failed.code).toBe(3);
    expect(failed.err).toContain('20260103120000 fails: a statement failed.');
    expect(await tried.column(`SELECT to_regclass('books')::text`)).toEqual([null]);

    tried.write(
      'migrations/20260103120000_fails.sql',
      migration(
        'CREATE INDEX CONCURRENTLY IF NOT EXISTS by_title ON books (title);',
        'DROP INDEX CONCURRENTLY IF EXISTS by_title;',
      ),
    );
    const apart = await tried.run(['up', '--dry-run=database']);
    expect(apart.code).toBe(2);
    expect(apart.err).toContain('cannot run in a transaction, so it cannot be tried in one.');
    expect(await tried.column(`SELECT to_regclass('books')::text`)).toEqual([null]);
  });

  it('ends a migration that takes longer than --timeout', async () => {
    const slow = await scene({
      'migrations/20260103120000_slow.sql': migration('SELECT pg_sleep(20);', 'SELECT 1;'),
    });
    const { code, err } = await slow.run(['up', '--timeout', '700']);
    expect(code).toBe(3);
    expect(err).toContain('20260103120000 slow: ');
    expect(await history(slow)).toEqual([
      '20260101120000 applied',
      '20260102120000 applied',
      '20260103120000 failed',
    ]);
    expect(await slow.column('SELECT count(*) FROM _migration_locks')).toEqual(['0']);
  });

  it('ends with 7 where the database cannot be reached, and says which variable leads there', async () => {
    const lost = await scene();
    const away = { DATABASE_URL: 'postgres://ada@127.0.0.1:1/books' };
    for (const command of [
      ['up'],
      ['down'],
      ['status'],
      ['plan'],
      ['baseline', 'x'],
      ['repair'],
      ['unlock'],
    ]) {
      const { code, err } = await lost.run(command, away);
      expect(code, command.join(' ')).toBe(7);
      expect(err).toContain('DATABASE_URL');
    }
  });
});
