import type pg from 'pg';
import { splitStatements } from '../../src/sql/split.ts';
import type { ExampleMigration } from './migration-files.ts';

/** Runs one section the way its file asks: in one transaction, or statement by statement. */
export async function runSection(client: pg.Client, migration: ExampleMigration, sql: string): Promise<void> {
  if (!migration.transaction) {
    for (const { start, end } of splitStatements(sql)) await client.query(sql.slice(start, end));
    return;
  }
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Up, then VERIFY; an error names the file. */
export async function runUp(client: pg.Client, migration: ExampleMigration): Promise<void> {
  await named(migration, 'up', runSection(client, migration, migration.up));
  if (migration.verify !== undefined)
    await named(migration, 'verify', runSection(client, migration, migration.verify));
}

export async function runDown(client: pg.Client, migration: ExampleMigration): Promise<void> {
  await named(migration, 'down', runSection(client, migration, migration.down ?? ''));
}

async function named(migration: ExampleMigration, section: string, running: Promise<void>): Promise<void> {
  try {
    await running;
  } catch (error) {
    if (error instanceof Error) error.message = `${section} of ${migration.file}: ${error.message}`;
    throw error;
  }
}
