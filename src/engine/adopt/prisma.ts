import { type Adopter, byId, comparedTo, toldOf } from './adopter.ts';
import { hasHash } from './file-hash.ts';

/**
 * A row for each attempt, with the SHA-256 of the file; what has neither end nor rollback failed.
 * https://www.prisma.io/docs/orm/prisma-migrate/workflows/patching-and-hotfixing
 */
export const prisma: Adopter = {
  layout: 'prisma',
  tool: 'Prisma',
  table: '_prisma_migrations',
  columns: ['checksum', 'finished_at', 'migration_name', 'rolled_back_at', 'started_at'],
  async read(table, files, rows) {
    const known = byId(files);
    // The newest attempt that was not rolled back.
    const all = await rows(
      `SELECT migration_name, checksum, (finished_at IS NULL)::text AS unfinished FROM (
         SELECT DISTINCT ON (migration_name) migration_name::text, checksum::text, finished_at
         FROM ${table} WHERE rolled_back_at IS NULL ORDER BY migration_name, started_at DESC
       ) newest ORDER BY migration_name`,
    );
    const failed = all.find(({ unfinished }) => unfinished === 'true')?.['migration_name'];
    if (failed !== undefined)
      return {
        ok: false,
        problem: `Prisma says that ${failed} failed, or is running.`,
        next: `put right what it left, then prisma migrate resolve --applied ${failed} or --rolled-back ${failed}`,
      };
    return {
      ok: true,
      told: all.map(({ migration_name: name, checksum }) => {
        const file = known.get(name ?? '');
        return file
          ? comparedTo(name ?? '', file, hasHash(file, 'sha256', checksum ?? ''))
          : toldOf(name ?? '', undefined);
      }),
    };
  },
};
