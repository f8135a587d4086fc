import { fitByName, sqlPaths } from '../fit.ts';
import { idAfterAsText, TIMESTAMP } from '../ids.ts';
import type { Layout } from '../layout.ts';
import { readWholeFiles } from '../whole-files.ts';

const NAME = /^([^/]+)\/migration\.sql$/;

/** https://www.prisma.io/docs/orm/prisma-migrate: by folder name; the file is sent as it stands. */
export const prisma: Layout = {
  id: 'prisma',
  title: 'Prisma',
  pattern: '<timestamp>_<name>/migration.sql',
  downs: 'none',
  nativeTransaction: 'simple-query',
  fit(folder) {
    if (folder.paths.some((path) => /^[^/]+\/snapshot\.json$/.test(path)))
      return { score: 0, why: "snapshot.json is Drizzle's" };
    const fit = fitByName(sqlPaths(folder), NAME, 0.95, '<name>/migration.sql');
    if (fit.score === 0 || !folder.paths.includes('migration_lock.toml')) return fit;
    return { score: 0.99, why: `${fit.why}, and migration_lock.toml` };
  },
  read: (folder) =>
    readWholeFiles(folder, {
      id: 'prisma',
      title: 'Prisma',
      pattern: NAME,
      identify: ({ parts: [, id = ''] }) => ({
        id,
        sortKey: id,
        name: id.replace(/^\d+_?/, '') || id,
        direction: 'up',
      }),
      optsOut: () => false,
    }),
  write: ({ id, name, up }) => [{ path: `${id}_${name}/migration.sql`, text: up }],
  nextId: (last, now) => idAfterAsText(last, now, TIMESTAMP),
};
