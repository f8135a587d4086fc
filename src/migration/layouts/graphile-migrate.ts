import { fitByName, sample, sqlPaths } from '../fit.ts';
import { inFolder } from '../folder-files.ts';
import type { Layout, LayoutFolder } from '../layout.ts';
import type { UnreadFile } from '../migration.ts';
import type { ScannedFile } from '../sections.ts';
import { firstSql, wholeText } from '../sections.ts';
import { numberAndName, readWholeFiles } from '../whole-files.ts';

const NAME = /^(?:committed\/)?(\d{6})(?:-([^/]+))?\.sql$/;
const COMMITTED = /^committed\/\d{6}(?:-[^/]+)?\.sql$/;
const HEADER = /^--! ?(?:Previous|Hash|Message):/m;
const NO_TRANSACTION = /^--!\s*no-transaction\b/;
const CURRENT = /^current(?:\.sql|\/[^/]+\.sql)$/;

/** https://github.com/graphile/migrate: committed migrations, forward only, each with the hash of the one before. */
export const graphileMigrate: Layout = {
  id: 'graphile-migrate',
  title: 'graphile-migrate',
  pattern: 'committed/<NNNNNN>[-<name>].sql',
  optOut: '--! no-transaction',
  downs: 'none',
  nativeTransaction: 'wrapped',
  fit(folder) {
    const paths = sqlPaths(folder);
    const committed = paths.filter((path) => path.startsWith('committed/'));
    const fit = fitByName(committed, COMMITTED, 0.93, 'committed/<NNNNNN>.sql');
    if (fit.score > 0) return fit;
    const header = sample(
      folder,
      paths.filter((path) => NAME.test(path)),
    ).find(({ text }) => HEADER.test(text));
    return header ? { score: 0.95, why: `${header.path} begins with --! headers` } : fit;
  },
  read(folder) {
    const reading = readWholeFiles(folder, {
      id: 'graphile-migrate',
      title: 'graphile-migrate',
      pattern: NAME,
      hint: /--!\s*no-transaction/,
      identify: numberAndName,
      optsOut,
    });
    const current = new Set(
      folder.paths.filter((path) => CURRENT.test(path)).map((path) => inFolder(folder, path)),
    );
    const unread = reading.unread.filter(({ file }) => !current.has(file));
    return { ...reading, unread: [...unread, ...notCommitted(folder)] };
  },
};

/** A header: it counts above the first statement only. */
function optsOut({ file, comments }: ScannedFile): boolean {
  const limit = firstSql(file.text, wholeText(file))?.start ?? file.text.length;
  return comments.some(({ start, end }) => start < limit && NO_TRANSACTION.test(file.text.slice(start, end)));
}

/** The current migration is written to while it is developed, and no other database ever sees it. */
function notCommitted(folder: LayoutFolder): UnreadFile[] {
  return folder.paths
    .filter((path) => CURRENT.test(path))
    .flatMap((path) => {
      const file = folder.read(path);
      if ('reason' in file) return [file];
      if (!firstSql(file.text, wholeText(file))) return [];
      return [
        {
          file: file.path,
          line: 1,
          reason: 'not committed yet: run "graphile-migrate commit" to have it read',
        },
      ];
    });
}
