import { type Adopter, toldOf } from './adopter.ts';

/** A row for each applied file, by its name without the ending. https://salsita.github.io/node-pg-migrate/ */
export const nodePgMigrate: Adopter = {
  layout: 'node-pg-migrate',
  tool: 'node-pg-migrate',
  table: 'pgmigrations',
  columns: ['id', 'name', 'run_on'],
  async read(table, files, rows) {
    const known = new Map(
      files.map((file) => [/([^/]*?)(?:\.sql)?$/.exec(file.migration.up.file.path)?.[1] ?? '', file]),
    );
    const all = await rows(`SELECT name::text FROM ${table} ORDER BY id`);
    return { ok: true, told: all.map(({ name }) => toldOf(name ?? '', known.get(name ?? ''))) };
  },
};
