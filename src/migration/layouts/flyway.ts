import { fitByName, sqlPaths } from '../fit.ts';
import { inFolder } from '../folder-files.ts';
import { idAfter, numericKey, TIMESTAMP } from '../ids.ts';
import type { Layout, LayoutFolder, LayoutSettings } from '../layout.ts';
import type { UnreadFile } from '../migration.ts';
import { readWholeFiles } from '../whole-files.ts';

const VERSION = '\\d+(?:[._]\\d+)*';
const VERSIONED = new RegExp(`(?:^|/)[VU]${VERSION}__[^/]*\\.sql$`);
const USUAL = new RegExp(`(?:^|/)(?:[VU]${VERSION}|R)__[^/]*\\.sql$`);
/** An empty prefix is a setting that some have. */
const BARE = new RegExp(`(?:^|/)${VERSION}__[^/]*\\.sql$`);

/** https://documentation.red-gate.com/flyway/flyway-concepts/migrations: sub-folders are read, too. */
export const flyway: Layout = {
  id: 'flyway',
  title: 'Flyway',
  pattern: 'V<version>__<name>.sql, undo U<version>__<name>.sql, repeatable R__<name>.sql',
  optOut: '<file>.conf: executeInTransaction=false',
  downs: 'file',
  nativeTransaction: 'wrapped',
  fit(folder) {
    const paths = sqlPaths(folder);
    if (paths.some((path) => VERSIONED.test(path)))
      return fitByName(paths, USUAL, 0.98, 'V<version>__<name>.sql (or U, or R__<name>.sql)');
    return fitByName(paths, BARE, 0.65, '<version>__<name>.sql, Flyway without a prefix');
  },
  read(folder, settings) {
    const known = new Set(folder.paths);
    const names = namesOf(
      settings,
      !folder.paths.some((path) => USUAL.test(path)) && folder.paths.some((path) => BARE.test(path)),
    );
    const reading = readWholeFiles(folder, {
      id: 'flyway',
      title: 'Flyway',
      pattern: names.pattern,
      identify: ({ parts }) => identify(parts, names),
      optsOut: (_, { path }) => optsOut(folder, known, `${path}.conf`),
    });
    return { ...reading, unread: reading.unread.map((entry) => explainBaseline(entry, folder)) };
  },
  write: ({ id, name, up, down, noTransaction }) => {
    const file = (path: string, text: string) => [
      { path, text },
      ...(noTransaction ? [{ path: `${path}.conf`, text: 'executeInTransaction=false\n' }] : []),
    ];
    const undo = down === undefined ? [] : file(`U${id}__${name}.sql`, down);
    return [...file(`V${id}__${name}.sql`, up), ...undo];
  },
  nextId(last, now) {
    const [, before = '', part] = /^(.*?)(\d+)$/.exec(last ?? '') ?? [];
    return before + idAfter(part, now, TIMESTAMP);
  },
};

interface Names {
  readonly undo: string;
  readonly repeatable: string;
  readonly pattern: RegExp;
}

/** Groups: prefix and version of a versioned one, then its name; or prefix and name of a repeatable one. */
function namesOf({ flyway: set }: LayoutSettings, bare: boolean): Names {
  const prefix = set?.prefix ?? (bare ? '' : 'V');
  const undo = set?.undoPrefix ?? 'U';
  const repeatable = set?.repeatablePrefix ?? 'R';
  const separator = escapeRegExp(set?.separator ?? '__');
  const suffix = (set?.suffixes ?? ['.sql']).map(escapeRegExp).join('|');
  const versioned = `(${escapeRegExp(prefix)}|${escapeRegExp(undo)})(${VERSION})(?:${separator}([^/]*))?`;
  const repeated = `(${escapeRegExp(repeatable)})${separator}([^/]*)`;
  return { undo, repeatable, pattern: new RegExp(`(?:^|/)(?:${versioned}|${repeated})(?:${suffix})$`) };
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function identify(
  [, prefix = '', version = '', name = '', repeatable, description = '']: readonly string[],
  names: Names,
) {
  if (version === '') {
    const id = `${repeatable ?? names.repeatable}__${description}`;
    // After everything that has a version, in the order of their descriptions.
    return { id, sortKey: `~${description}`, name: description, direction: 'up' as const, repeatable: true };
  }
  const direction = prefix !== '' && prefix === names.undo ? ('down' as const) : ('up' as const);
  return { id: version.replaceAll('_', '.'), sortKey: versionKey(version), name, direction };
}

/** 1, 1.0 and 1_0 are one version. */
function versionKey(version: string): string {
  const parts = version.split(/[._]/);
  while (parts.length > 1 && /^0+$/.test(parts.at(-1) ?? '')) parts.pop();
  return parts.map(numericKey).join('.');
}

function optsOut(folder: LayoutFolder, known: ReadonlySet<string>, path: string): boolean {
  if (!known.has(path)) return false;
  const file = folder.read(path);
  return (
    !('reason' in file) &&
    /^\uFEFF?[ \t]*executeInTransaction[ \t]*[=:][ \t]*false[ \t]*\r?$/im.test(file.text)
  );
}

function explainBaseline(entry: UnreadFile, folder: LayoutFolder): UnreadFile {
  const path = folder.directory === '' ? entry.file : entry.file.slice(inFolder(folder, '').length);
  if (!new RegExp(`(?:^|/)B${VERSION}__[^/]*\\.sql$`).test(path)) return entry;
  return { ...entry, reason: 'a baseline migration: Flyway runs it only where no other has run' };
}
