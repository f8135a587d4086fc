import { type Adopter, byNumber, toldOf } from './adopter.ts';

/**
 * One row: the version it is at, and whether the file of that version broke off. What stands before it was applied.
 * https://github.com/golang-migrate/migrate/tree/master/database/postgres
 */
export const golangMigrate: Adopter = {
  layout: 'golang-migrate',
  tool: 'golang-migrate',
  table: 'schema_migrations',
  columns: ['version', 'dirty'],
  async read(table, files, rows) {
    const [row] = await rows(`SELECT version::text, dirty::text FROM ${table} ORDER BY version DESC LIMIT 1`);
    const version = row?.['version'];
    if (row === undefined || version === null || version === undefined) return { ok: true, told: [] };
    if (row['dirty'] === 'true')
      return {
        ok: false,
        problem: `golang-migrate calls the database dirty: version ${version} broke off in the middle.`,
        next: `finish or undo it by hand, then migrate force ${version} (done) or the version before it (undone)`,
      };
    const numbers = byNumber(files);
    const before = [...numbers].filter(([number]) => BigInt(number) < BigInt(version));
    return {
      ok: true,
      told: [...before.map(([number, file]) => toldOf(number, file)), toldOf(version, numbers.get(version))],
    };
  },
};
