import { expect, it } from 'vitest';
import { session } from '../../engine/engine-room.ts';
import { parsed } from '../cli/run-cli.ts';
import { onEachServer } from './each-server.ts';
import { BOOKS, FAILS, migration, type Scene } from './scene.ts';

/** Rows of a query, as somebody with psql sees them. */
async function rows({ url }: Scene, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const connection = await session(url);
  try {
    return await connection.query(sql);
  } finally {
    await connection.close();
  }
}

onEachServer('SQL that people type', (open) => {
  it('answers about durations, failures, locks and dependencies as the guide writes it', async () => {
    const books = await open({
      ...BOOKS,
      'migrations/20260103120000_needs.sql': migration(
        'SELECT 1;',
        'SELECT 1;',
        undefined,
        ', "dependencies": ["20260101120000", "20260102120000"]',
      ),
      'migrations/20260104120000_fails.sql': FAILS,
    });
    expect((await books.run(['up'])).code).toBe(3);
    const durations = await rows(
      books,
      'SELECT name, AVG(duration_ms) AS avg_duration, MAX(duration_ms), COUNT(*) FROM _migration_history GROUP BY name',
    );
    expect(durations.map(({ name }) => name).sort()).toEqual(['add_title', 'create_books', 'fails', 'needs']);
    for (const { avg_duration, max, count } of durations) {
      expect(Number(avg_duration)).toBeGreaterThanOrEqual(0);
      expect(Number(max)).toBeGreaterThanOrEqual(Math.floor(Number(avg_duration)));
      expect(count).toBe('1');
    }
    const failed = await rows(
      books,
      `SELECT * FROM _migration_history WHERE status = 'failed' ORDER BY applied_at DESC`,
    );
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ migration_id: '20260104120000', name: 'fails' });
    expect(failed[0]?.['error']).toContain('division by zero');
    expect(await rows(books, 'SELECT * FROM _migration_locks WHERE expires_at > NOW()')).toEqual([]);
    expect(await rows(books, `SELECT * FROM validate_migration_dependencies('20260103120000')`)).toEqual([
      { dependency: '20260101120000', status: 'applied', satisfied: 't' },
      { dependency: '20260102120000', status: 'applied', satisfied: 't' },
    ]);
    await books.sql(`DELETE FROM _migration_locks WHERE lock_name = 'migration_lock'`);
    expect(await rows(books, `SELECT * FROM validate_migration_dependencies('nobody')`)).toEqual([]);
  });

  it('UPDATE of a checksum is the way out of an edited file', async () => {
    const edited = await open({
      'migrations/001_create_books.sql': BOOKS['migrations/20260101120000_create_books.sql'],
    });
    expect((await edited.run(['up'])).code).toBe(0);
    edited.write(
      'migrations/001_create_books.sql',
      migration('CREATE TABLE books (id bigint PRIMARY KEY, title text);', 'DROP TABLE books;'),
    );
    const stood = await edited.run(['status', '--json']);
    expect(stood.code).toBe(6);
    expect(parsed(stood).status?.migrations[0]?.standing).toBe('edited');
    edited.write(
      'migrations/002_more.sql',
      migration('ALTER TABLE books ADD COLUMN note text;', 'ALTER TABLE books DROP COLUMN note;'),
    );
    expect((await edited.run(['up'])).code).toBe(6);
    // The checksum of the file as it is now: a plan for an empty database has it.
    const other = await open({
      'migrations/001_create_books.sql': migration(
        'CREATE TABLE books (id bigint PRIMARY KEY, title text);',
        'DROP TABLE books;',
      ),
    });
    const checksum = parsed(await other.run(['plan', '--json'])).plan?.migrations[0]?.checksum;
    expect(checksum).toMatch(/^[0-9a-f]{64}$/);
    await edited.sql(`UPDATE _migration_history SET checksum = '${checksum}' WHERE migration_id = '001'`);
    expect((await edited.run(['status'])).code).toBe(0);
    expect((await edited.run(['up'])).code).toBe(0);
  });
});
