import type { SourceFile } from '../sql/source.ts';
import type { LayoutFolder } from './layout.ts';
import type { UnreadFile } from './migration.ts';

/** A file whose path fits a layout's pattern. */
export interface NamedFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly file: SourceFile;
  /** The groups of the pattern, the whole match first; empty where one did not take part. */
  readonly parts: readonly string[];
}

export interface OpenedFiles {
  readonly files: readonly NamedFile[];
  readonly unread: readonly UnreadFile[];
}

const LANGUAGES: Readonly<Record<string, string>> = {
  cjs: 'JavaScript',
  cs: 'C#',
  cts: 'TypeScript',
  ex: 'Elixir',
  exs: 'Elixir',
  go: 'Go',
  groovy: 'Groovy',
  java: 'Java',
  js: 'JavaScript',
  kt: 'Kotlin',
  mjs: 'JavaScript',
  mts: 'TypeScript',
  php: 'PHP',
  py: 'Python',
  rb: 'Ruby',
  rs: 'Rust',
  scala: 'Scala',
  sh: 'Shell',
  ts: 'TypeScript',
};
const CODE = new RegExp(
  `(?:^|/)[A-Z]?\\d[^/]*(?:/(?:migration|up|down|index))?\\.(${Object.keys(LANGUAGES).join('|')})$`,
);

/** How the reason of a migration that is not SQL begins. */
export const IN_CODE = 'a migration written in';

/**
 * Opens the files that fit `pattern`. Whatever else may change the schema is named in `unread`: code migrations, and
 * SQL under other names, which `tool` passes over.
 */
export function openFiles(folder: LayoutFolder, pattern: RegExp, tool: string): OpenedFiles {
  const files: NamedFile[] = [];
  const unread: UnreadFile[] = [];
  const others = new Map<string, string[]>();
  for (const path of folder.paths) {
    const match = pattern.exec(path);
    if (match) {
      const file = folder.read(path);
      if ('reason' in file) unread.push(file);
      else files.push({ path, file, parts: [...match].map((part: string | undefined) => part ?? '') });
      continue;
    }
    const language = LANGUAGES[CODE.exec(path)?.[1] ?? ''];
    if (language !== undefined && !/(?:\.d\.[cm]?ts|[._](?:test|spec)\.\w+)$/.test(path)) {
      unread.push({
        file: inFolder(folder, path),
        line: 1,
        reason: `${IN_CODE} ${language}: what it does to the schema is not known`,
      });
    } else if (/\.sql$/i.test(path)) {
      const parent = path.slice(0, path.lastIndexOf('/') + 1);
      const siblings = others.get(parent);
      if (siblings) siblings.push(path);
      else others.set(parent, [path]);
    }
  }
  for (const [parent, paths] of others) unread.push(...passedOver(folder, parent, paths, tool));
  return { files, unread };
}

export function inFolder(folder: LayoutFolder, path: string): string {
  return folder.directory === '' ? path : `${folder.directory}/${path}`;
}

/** A folder of hundreds of seeds is one entry, not hundreds. */
function passedOver(
  folder: LayoutFolder,
  parent: string,
  paths: readonly string[],
  tool: string,
): UnreadFile[] {
  const reason = `its name is not one that ${tool} runs`;
  if (paths.length <= 3) return paths.map((path) => ({ file: inFolder(folder, path), line: 1, reason }));
  const where = parent === '' ? 'this folder' : parent;
  const rest = `${paths.length - 1} more files in ${where} have names that ${tool} does not run, too`;
  return [{ file: inFolder(folder, paths[0] ?? parent), line: 1, reason: `${reason}; ${rest}` }];
}
