import { findDirectives } from '../directives.ts';
import { openFiles } from '../folder-files.ts';
import type { Layout } from '../layout.ts';
import { inOrder } from '../ordering.ts';
import { wholeText } from '../sections.ts';

/**
 * SQL files of no layout, each one an up, in order of their names. Never detected: it serves for files
 * that were named one by one and that no layout claims.
 */
export const plainSql: Layout = {
  id: 'plain-sql',
  title: 'Airlock',
  pattern: '*.sql',
  optOut: '-- @no-transaction',
  downs: 'none',
  nativeTransaction: 'wrapped',
  fit: () => ({ score: 0, why: 'is named, never detected' }),
  read(folder) {
    const { files, unread } = openFiles(folder, /^[^/]+\.sql$/i, 'plain SQL');
    const migrations = files.map(({ path, file }) => ({
      id: path.replace(/\.sql$/i, ''),
      sortKey: path,
      name: path.replace(/\.sql$/i, ''),
      layout: 'plain-sql',
      repeatable: false,
      up: { file, pieces: [wholeText(file)], directives: findDirectives(file.text), optsOut: false },
    }));
    return { migrations: inOrder(migrations), problems: [], unread };
  },
};
