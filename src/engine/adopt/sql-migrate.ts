import { type Adopter, byId, toldOf } from './adopter.ts';

/** A row for each applied file, by its name. https://github.com/rubenv/sql-migrate */
export const sqlMigrate: Adopter = {
  layout: 'sql-migrate',
  tool: 'sql-migrate',
  table: 'gorp_migrations',
  columns: ['id', 'applied_at'],
  async read(table, files, rows) {
    const known = byId(files);
    const all = await rows(`SELECT id::text FROM ${table} ORDER BY id`);
    return { ok: true, told: all.map(({ id }) => toldOf(id ?? '', known.get(id ?? ''))) };
  },
};
