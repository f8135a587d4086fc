import { type Adopter, byNumber, comparedTo, toldOf } from './adopter.ts';
import { hasHash } from './file-hash.ts';

/** A row for each version that was begun, with the SHA-384 of the file. https://docs.rs/sqlx/latest/sqlx/migrate/ */
export const sqlx: Adopter = {
  layout: 'sqlx',
  tool: 'sqlx',
  table: '_sqlx_migrations',
  columns: ['version', 'success', 'checksum'],
  async read(table, files, rows) {
    const known = byNumber(files);
    const all = await rows(
      `SELECT version::text, success::text, pg_catalog.encode(checksum, 'hex') AS checksum FROM ${table} ORDER BY version`,
    );
    const failed = all.find(({ success }) => success === 'false');
    if (failed)
      return {
        ok: false,
        problem: `sqlx says that version ${failed['version']} was begun and did not come to its end.`,
        next: `put right what it left, then delete its row: DELETE FROM ${table} WHERE version = ${failed['version']}`,
      };
    return {
      ok: true,
      told: all.map(({ version, checksum }) => {
        const file = known.get(version ?? '');
        return file
          ? comparedTo(version ?? '', file, hasHash(file, 'sha384', checksum ?? ''))
          : toldOf(version ?? '', undefined);
      }),
    };
  },
};
