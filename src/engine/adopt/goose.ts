import { type Adopter, byNumber, toldOf } from './adopter.ts';

/**
 * A row for each version, and in older databases one more for each way up and down, of which the newest counts.
 * https://pressly.github.io/goose/
 */
export const goose: Adopter = {
  layout: 'goose',
  tool: 'goose',
  table: 'goose_db_version',
  columns: ['id', 'version_id', 'is_applied'],
  async read(table, files, rows) {
    const known = byNumber(files);
    // Version 0 is the table itself.
    const all = await rows(
      `SELECT version FROM (SELECT DISTINCT ON (version_id) version_id, version_id::text AS version, is_applied
         FROM ${table} WHERE version_id > 0 ORDER BY version_id, id DESC) newest WHERE is_applied ORDER BY version_id`,
    );
    return { ok: true, told: all.map(({ version }) => toldOf(version ?? '', known.get(version ?? ''))) };
  },
};
