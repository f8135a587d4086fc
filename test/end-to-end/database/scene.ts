import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { column, freshDatabase, session } from '../../engine/engine-room.ts';
import { airlock, type Ended, folderWith, noStackTrace } from '../cli/run-cli.ts';

/** A checkout and an empty database of its own, which the built command line is run on. */
export interface Scene {
  readonly url: string;
  readonly folder: string;
  write(path: string, text: string): void;
  remove(path: string): void;
  /** Holds that nothing printed has the password. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** By hand, past Airlock. */
  sql(text: string): Promise<void>;
  /** One column of one query. */
  column(text: string): Promise<readonly (string | null)[]>;
}

const CONFIGURATION = 'directory: migrations\n';

export async function openScene(
  connectionString: string,
  files: Readonly<Record<string, string>>,
): Promise<Scene> {
  const url = await freshDatabase(connectionString);
  const { password } = new URL(url);
  const folder = folderWith({ 'migration.config.yml': CONFIGURATION, ...files });
  return {
    url,
    folder,
    write: (path, text) => writeFileSync(join(folder, path), text),
    remove: (path) => rmSync(join(folder, path)),
    async run(args, env = {}) {
      const ended = await airlock(args, { cwd: folder, env: { DATABASE_URL: url, ...env } });
      noStackTrace(ended);
      expect(`${ended.out}${ended.err}`).not.toContain(password);
      return ended;
    },
    async sql(text) {
      const connection = await session(url);
      await connection.run(text);
      await connection.close();
    },
    column: (text) => column(url, text),
  };
}

/** In Airlock's own format. */
export function migration(up: string, down: string, verify?: string, metadata = ''): string {
  return `-- @metadata { "author": "ada", "description": "a step", "breakingChange": false, "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": []${metadata} }
-- UP
${up}
-- DOWN
${down}
${verify === undefined ? '' : `-- VERIFY\n${verify}\n`}`;
}

/** Passes validation, and fails when it runs. */
export const FAILS = migration('DO $$ BEGIN PERFORM 1 / 0; END $$;', 'SELECT 1;');

/** Nothing is wrong with them. */
export const BOOKS = {
  'migrations/20260101120000_create_books.sql': migration(
    'CREATE TABLE books (id bigint PRIMARY KEY);',
    'DROP TABLE books;',
    "SELECT 1 / count(*) FROM pg_tables WHERE tablename = 'books';",
  ),
  'migrations/20260102120000_add_title.sql': migration(
    'ALTER TABLE books ADD COLUMN title text;',
    'ALTER TABLE books DROP COLUMN title;',
  ),
} as const;
