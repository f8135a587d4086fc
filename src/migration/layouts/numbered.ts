import { fitByName, NO_FIT, sqlPaths, topLevelSql } from '../fit.ts';
import { naturalKey } from '../ids.ts';
import type { Layout, LayoutFolder, LayoutReading, LayoutSettings } from '../layout.ts';
import { manifestOrder } from '../manifests.ts';
import { readWholeFiles } from '../whole-files.ts';

const DOWN_WORDS = new Set(['down', 'undo', 'revert', 'rollback']);
/** 12/03_name.up.sql, and v1.2/name.sql. */
const NESTED = /^(?:\d+\/\d+_[^/]+|v\d+(?:\.\d+)*\/[^/]+)\.sql$/;
const FLAT = /^\d+[_-][^/]+\.sql$/;
const DEFAULT =
  /^(?<id>\d+\/\d+|v\d+(?:\.\d+)*\/(?:\d+(?=[_-]))?|\d+)[_-]?(?<name>[^/]*?)(?:\.(?<direction>up|down|undo|revert|rollback))?\.sql$/;

/** What projects make up themselves: numbered files, also below numbered or version folders. */
export const numbered: Layout = {
  id: 'numbered',
  title: 'numbered files',
  pattern: '<N>/<NN>_<name>.up.sql, v<X.Y>/<name>.sql with a manifest.json, or as `numbered.pattern` says',
  downs: 'file',
  // Not known: the commonest home-made runner sends the file as it stands.
  nativeTransaction: 'simple-query',
  fit(folder) {
    const paths = sqlPaths(folder);
    const nested = fitByName(paths, NESTED, 0.7, '<N>/<NN>_<name>.sql or v<X.Y>/<name>.sql');
    if (nested.score > 0) return nested;
    const flat = topLevelSql(folder).filter((path) => FLAT.test(path));
    const directed = flat.filter((path) => /\.(?:up|down)\.sql$/.test(path)).length;
    if (directed === 0) return fitByName(paths, FLAT, 0.45, '<number>_<name>.sql');
    // Files all with a direction are golang-migrate's or sqlx's.
    return directed < flat.length
      ? fitByName(paths, FLAT, 0.55, '<number>_<name>.sql, with and without .up')
      : NO_FIT;
  },
  read(folder, settings) {
    const pattern = patternOf(settings);
    if ('reason' in pattern)
      return {
        migrations: [],
        problems: [],
        unread: [{ file: folder.directory, line: 1, reason: pattern.reason }],
      };
    return readNumbered(folder, pattern.regexp);
  },
};

function patternOf({
  numbered: set,
}: LayoutSettings): { readonly regexp: RegExp } | { readonly reason: string } {
  if (set?.pattern === undefined) return { regexp: DEFAULT };
  try {
    const regexp = new RegExp(set.pattern);
    if (set.pattern.includes('(?<id>')) return { regexp };
    return {
      reason: 'numbered.pattern has no group (?<id>…): write for example ^(?<id>\\d+)_(?<name>.+)\\.sql$',
    };
  } catch (error) {
    return {
      reason: `numbered.pattern is no regular expression: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function readNumbered(folder: LayoutFolder, pattern: RegExp): LayoutReading {
  const manifests = manifestOrder(folder);
  const reading = readWholeFiles(folder, {
    id: 'numbered',
    title: 'this pattern',
    pattern,
    identify({ path }) {
      const groups = pattern.exec(path)?.groups ?? {};
      const name = groups.name ?? '';
      const written = groups.id ?? '';
      // A version folder holds several files: each is a migration of its own.
      const id = written.endsWith('/') ? written + name : written;
      const place = manifests.places.get(path);
      const parent = path.slice(0, path.lastIndexOf('/') + 1);
      return {
        id,
        sortKey: place === undefined ? naturalKey(id) : naturalKey(`${parent}${place}`),
        name,
        direction: DOWN_WORDS.has((groups.direction ?? '').toLowerCase()) ? 'down' : 'up',
      };
    },
    optsOut: () => false,
  });
  return {
    ...reading,
    problems: [...reading.problems, ...manifests.problems],
    unread: [...reading.unread, ...manifests.unread],
  };
}
