import { type Adopter, byId, toldOf } from './adopter.ts';

/** A row for each applied version, as text. https://github.com/amacneil/dbmate */
export const dbmate: Adopter = {
  layout: 'dbmate',
  tool: 'dbmate',
  table: 'schema_migrations',
  columns: ['version'],
  async read(table, files, rows) {
    const known = byId(files);
    const all = await rows(`SELECT version::text FROM ${table} ORDER BY version`);
    return { ok: true, told: all.map(({ version }) => toldOf(version ?? '', known.get(version ?? ''))) };
  },
};
