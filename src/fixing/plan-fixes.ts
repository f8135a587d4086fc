import type { Layout, LayoutFolder } from '../migration/layout.ts';
import { type Migration, sectionText } from '../migration/migration.ts';
import { writeMigration } from '../migration/write-migration.ts';
import type { Edit } from '../rules/rule.ts';
import type { SourceFile } from '../sql/source.ts';
import type { Raised } from '../validation/raised.ts';
import { type Composed, compose, type Draft, newDraft, same } from './compose.ts';

export interface FileChange {
  /** Relative to the repository root. */
  readonly path: string;
  /** Undefined: the file is new. */
  readonly before?: string | undefined;
  readonly after: string;
}

export interface PlannedFix {
  /** By which the same fix is known again in the next round. */
  readonly key: string;
  /** `file:line` of the problem. */
  readonly at: string;
  readonly title: string;
  /** The file of the problem, and what is written because of it. */
  readonly file: string;
  readonly created: readonly string[];
}

export interface FixPlan {
  readonly files: readonly FileChange[];
  readonly done: readonly PlannedFix[];
  /** Fixes that were left out, one line each, with the reason. */
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

/** Puts together all fixes that do not get in each other's way, but those of `without`. Pure: nothing is written. */
export function planFixes(input: CheckedFolder, now: Date, without: ReadonlySet<string>): FixPlan {
  const drafts = new Map<string, Draft>();
  const created: FileChange[] = [];
  const done: PlannedFix[] = [];
  const left: string[] = [];
  let last = input.migrations.findLast(({ repeatable }) => !repeatable)?.id;
  for (const raised of structureFirst(input.raised)) {
    const { file, migration, message, span } = raised;
    const key = keyOf(raised);
    if (!raised.fix || raised.fix.onlyOffered || !migration || without.has(key)) continue;
    const at = `${file.path}:${file.position(span.start).line}`;
    const draft = drafts.get(file.path) ?? newDraft(file);
    const composed = compose(raised.fix, {
      raised,
      migration,
      draft,
      layout: input.layout,
      folder: input.folder,
    });
    if (composed === 'later') continue;
    const more =
      'reason' in composed ? composed.reason : newFiles(composed, migration.migration, input, last, now);
    if ('reason' in composed || typeof more === 'string') {
      left.push(`${at} ${message} Left alone: ${typeof more === 'string' ? more : ''}`);
      continue;
    }
    for (const edit of composed.edits)
      if (!draft.edits.some((other) => same(edit, other))) draft.edits.push(edit);
    for (const statement of composed.removed) draft.removed.add(statement);
    draft.noTransaction ||= composed.noTransaction;
    drafts.set(file.path, draft);
    const beside = composed.beside ? [composed.beside] : [];
    created.push(...more.files, ...beside);
    last = more.last;
    done.push({
      key,
      at,
      title: raised.fix.title,
      file: file.path,
      created: more.files.map(({ path }) => path),
    });
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

function keyOf({ ruleId, file, span }: Raised): string {
  return `${ruleId} ${file.path} ${file.text.slice(span.start, span.end)}`;
}

/** What takes a file out of its transaction, then what moves statements; the others are judged by what becomes of the file. */
function structureFirst(raised: readonly Raised[]): Raised[] {
  const rank = ({ fix }: Raised): number => (fix?.noTransaction ? 0 : fix?.newMigrations?.length ? 1 : 2);
  return raised.toSorted((one, other) => rank(one) - rank(other));
}

function newFiles(
  { newMigrations }: Composed,
  migration: Migration,
  input: CheckedFolder,
  last: string | undefined,
  now: Date,
): { files: FileChange[]; last: string | undefined } | string {
  const { layout, folder, migrations } = input;
  const files: FileChange[] = [];
  // An undo file in a folder that has none would be the first of its kind, and make the others look forgotten.
  const withDown = layout.downs !== 'file' || migrations.some(({ down }) => down !== undefined);
  let id = last;
  for (const made of newMigrations) {
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
    const written = writeMigration(layout, folder, {
      id,
      name: made.name.slice(0, 60),
      up: made.up,
      down: withDown ? made.down : undefined,
      noTransaction: made.noTransaction,
      ...(metadata ? { metadata } : {}),
    });
    for (const { path, text } of written ?? [])
      files.push({ path, after: withLineEndsOf(migration.up.file, text) });
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
