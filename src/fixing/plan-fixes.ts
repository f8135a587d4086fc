import { inFolder } from '../migration/folder-files.ts';
import type { Layout, LayoutFolder } from '../migration/layout.ts';
import { type Migration, sectionText } from '../migration/migration.ts';
import type { Edit, Fix, SectionName } from '../rules/rule.ts';
import type { SourceFile } from '../sql/source.ts';
import type { Raised } from '../validation/raised.ts';
import { optOutEdit } from './opt-out.ts';

export interface FileChange {
  /** Relative to the repository root. */
  readonly path: string;
  /** Undefined: the file is new. */
  readonly before?: string | undefined;
  readonly after: string;
}

export interface FixPlan {
  readonly files: readonly FileChange[];
  /** What is done, one line each. */
  readonly done: readonly string[];
  /** Fixes that were left out, with the reason. */
  readonly left: readonly string[];
}

/** What one migrations folder gave, with everything that `--fix` needs to change it. */
export interface CheckedFolder {
  readonly folder: LayoutFolder;
  readonly layout: Layout;
  /** In order of execution. */
  readonly migrations: readonly Migration[];
  readonly raised: readonly Raised[];
}

interface Draft {
  readonly file: SourceFile;
  readonly edits: Edit[];
  /** A fix takes the file out of its transaction. */
  noTransaction: boolean;
}

/** Puts together all fixes that do not get in each other's way. Pure: nothing is written. */
export function planFixes(input: CheckedFolder, now: Date): FixPlan {
  const drafts = new Map<string, Draft>();
  const created: FileChange[] = [];
  const done: string[] = [];
  const left: string[] = [];
  let last = input.migrations.findLast(({ repeatable }) => !repeatable)?.id;
  for (const { fix, file, migration, message, span, section } of outOfTransactionFirst(input.raised)) {
    if (!fix || fix.onlyOffered || !migration) continue;
    const at = `${file.path}:${file.position(span.start).line}`;
    const draft: Draft = drafts.get(file.path) ?? { file, edits: [], noTransaction: false };
    const edits = editsOf(fix, file, input.layout, migration.migration, section ?? 'up');
    if (typeof edits === 'string') left.push(`${at} ${message} Left alone: ${edits}`);
    else if (draft.noTransaction && edits.some(({ text }) => /\bset\s+local\b/i.test(text)))
      left.push(`${at} ${message} Left alone: outside a transaction SET LOCAL has no effect.`);
    else if (edits.some((edit) => draft.edits.some((other) => overlaps(edit, other))))
      left.push(`${at} ${message} Left alone: another fix changes the same place; run it again.`);
    else {
      const more = newFiles(fix, migration.migration, input, last, now);
      if (typeof more === 'string') {
        left.push(`${at} ${message} Left alone: ${more}`);
        continue;
      }
      for (const edit of edits) if (!draft.edits.some((other) => same(edit, other))) draft.edits.push(edit);
      draft.noTransaction ||= fix.noTransaction === true;
      drafts.set(file.path, draft);
      created.push(...more.files);
      last = more.last;
      done.push(`${at} ${fix.title}`);
    }
  }
  const changed = [...drafts.values()].map(({ file, edits }) => ({
    path: file.path,
    before: file.text,
    after: applyEdits(
      file.text,
      edits.map((edit) => ({ ...edit, text: withLineEndsOf(file, edit.text) })),
    ),
  }));
  return { files: [...changed.filter(({ before, after }) => before !== after), ...created], done, left };
}

/** The others are judged by what becomes of the file. */
function outOfTransactionFirst(raised: readonly Raised[]): Raised[] {
  const leaves = raised.filter(({ fix }) => fix?.noTransaction);
  return [...leaves, ...raised.filter(({ fix }) => !fix?.noTransaction)];
}

function editsOf(
  fix: Fix,
  file: SourceFile,
  layout: Layout,
  migration: Migration,
  section: SectionName,
): readonly Edit[] | string {
  if (!fix.noTransaction) return fix.edits;
  if ((section === 'down' ? migration.down : migration.up)?.optsOut) return fix.edits;
  const marker = optOutEdit(layout, file, section);
  if (marker === undefined) return `${layout.title} has no way to run a file outside a transaction.`;
  return marker === 'not-needed' ? fix.edits : [...fix.edits, marker];
}

function newFiles(
  fix: Fix,
  migration: Migration,
  input: CheckedFolder,
  last: string | undefined,
  now: Date,
): { files: FileChange[]; last: string | undefined } | string {
  const { layout, folder, migrations } = input;
  const files: FileChange[] = [];
  let id = last;
  for (const made of fix.newMigrations ?? []) {
    if (!layout.write || !layout.nextId)
      return `Airlock cannot write a second file in the layout of ${layout.title}.`;
    if (made.noTransaction && layout.optOut === undefined && layout.nativeTransaction !== 'simple-query')
      return `${layout.title} has no way to run a file outside a transaction.`;
    const table = usedLater(made.up, migrations.slice(migrations.indexOf(migration) + 1));
    if (table !== undefined)
      return `a later migration uses "${table}", so where the second file belongs is for you to say.`;
    id = layout.nextId(id, now);
    const metadata = migration.metadata && {
      ...migration.metadata,
      description: `${migration.metadata.description} (second step)`,
      dependencies: [migration.id],
    };
    const written = layout.write({
      id,
      name: made.name.slice(0, 60),
      up: made.up,
      down: made.down,
      noTransaction: made.noTransaction,
      ...(metadata ? { metadata } : {}),
    });
    for (const { path, text } of written)
      files.push({ path: inFolder(folder, path), after: withLineEndsOf(migration.up.file, text) });
  }
  return { files, last: id };
}

/** A table of the SQL that migrations between here and the end of the folder name, too: the new file would come after them. */
function usedLater(sql: string, later: readonly Migration[]): string | undefined {
  const tables = [
    ...sql.matchAll(
      /\b(?:on|table|only|view|concurrently)\s+((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)/gi,
    ),
  ]
    .map(([, name = '']) => name.replace(/^.*\./, '').replaceAll('"', ''))
    .filter((name) => name !== '');
  return tables.find((table) =>
    later.some(({ up }) => new RegExp(`(?<![\\w$])${escaped(table)}(?![\\w$])`, 'i').test(sectionText(up))),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A file keeps one kind of line end. */
function withLineEndsOf(file: SourceFile, text: string): string {
  return file.text.includes('\r\n') ? text.replace(/\r?\n/g, '\r\n') : text;
}

function overlaps(edit: Edit, other: Edit): boolean {
  return !same(edit, other) && edit.start <= other.end && other.start <= edit.end;
}

function same(edit: Edit, other: Edit): boolean {
  return edit.start === other.start && edit.end === other.end && edit.text === other.text;
}

/** Applies edits from the end, so that earlier offsets stay right; a line that an edit empties goes with it. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const edit of [...edits].sort((left, right) => right.start - left.start)) {
    let { start, end } = edit;
    if (edit.text === '') {
      const lineStart = result.lastIndexOf('\n', start - 1) + 1;
      const lineEnd = result.indexOf('\n', end);
      const rest = result.slice(end, lineEnd === -1 ? result.length : lineEnd);
      if (result.slice(lineStart, start).trim() === '' && rest.trim() === '') {
        start = lineStart;
        end = lineEnd === -1 ? result.length : lineEnd + 1;
      }
    }
    result = result.slice(0, start) + edit.text + result.slice(end);
  }
  return result;
}
