import { type Adopter, byId, toldOf } from './adopter.ts';

/** A row for each applied version, written without dashes. https://docs.rs/diesel_migrations */
export const diesel: Adopter = {
  layout: 'diesel',
  tool: 'Diesel',
  table: '__diesel_schema_migrations',
  columns: ['version', 'run_on'],
  async read(table, files, rows) {
    const known = byId(files);
    const all = await rows(`SELECT version::text FROM ${table} ORDER BY version`);
    return { ok: true, told: all.map(({ version }) => toldOf(version ?? '', known.get(version ?? ''))) };
  },
};
