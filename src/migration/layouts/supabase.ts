import { fitByName, topLevelSql } from '../fit.ts';
import { idAfterAsText, TIMESTAMP } from '../ids.ts';
import type { Layout } from '../layout.ts';
import { readWholeFiles } from '../whole-files.ts';

const NAME = /^(\d+)_(.*)\.sql$/;
const STRICT = /^\d{14}_.+(?<!\.up|\.down)\.sql$/;

/**
 * https://supabase.com/docs/guides/deployment/database-migrations: forward only, in the order of the file names.
 * The statements of a file go out together; one that cannot run in a transaction must be alone.
 */
export const supabase: Layout = {
  id: 'supabase',
  title: 'Supabase',
  pattern: '<YYYYMMDDHHMMSS>_<name>.sql',
  downs: 'none',
  nativeTransaction: 'simple-query',
  fit(folder) {
    const fit = fitByName(topLevelSql(folder), STRICT, 0.58, '<YYYYMMDDHHMMSS>_<name>.sql');
    if (fit.score === 0 || !/(?:^|\/)supabase\/migrations$/.test(folder.directory)) return fit;
    return { score: 0.95, why: `${fit.why} in ${folder.directory}` };
  },
  read: (folder) =>
    readWholeFiles(folder, {
      id: 'supabase',
      title: 'Supabase',
      pattern: NAME,
      identify: ({ parts: [, id = '', name = ''] }) => ({ id, sortKey: id, name, direction: 'up' }),
      optsOut: () => false,
    }),
  write: ({ id, name, up }) => [{ path: `${id}_${name}.sql`, text: up }],
  nextId: (last, now) => idAfterAsText(last, now, TIMESTAMP),
};
