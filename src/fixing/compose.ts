import type { Layout, LayoutFolder } from '../migration/layout.ts';
import type { CheckedMigration, CheckedSection, Edit, Fix } from '../rules/rule.ts';
import type { SourceFile, Span } from '../sql/source.ts';
import type { Statement } from '../sql/statement.ts';
import type { Raised } from '../validation/raised.ts';
import { type OptOut, optOutOf } from './opt-out.ts';

/** What the fixes of one round make of a file. */
export interface Draft {
  readonly file: SourceFile;
  readonly edits: Edit[];
  /** Statements that the edits take out. */
  readonly removed: Set<Statement>;
  /** A fix takes the file out of its transaction. */
  noTransaction: boolean;
}

export function newDraft(file: SourceFile): Draft {
  return { file, edits: [], removed: new Set(), noTransaction: false };
}

/** A fix as it is applied to this file, in this layout. */
export interface Composed {
  readonly edits: readonly Edit[];
  /** Statements that the edits take out. */
  readonly removed: readonly Statement[];
  readonly newMigrations: NonNullable<Fix['newMigrations']>;
  readonly noTransaction: boolean;
  readonly beside?: OptOut['beside'];
}

interface Place {
  readonly raised: Raised;
  readonly migration: CheckedMigration;
  /** What the fixes before it in this round made of the file. */
  readonly draft: Draft;
  readonly layout: Layout;
  readonly folder: LayoutFolder;
}

/**
 * Fits a fix to the others of its file and to the way the file is run: why it cannot be applied, or `later` where the
 * next round has to judge it again.
 */
export function compose(fix: Fix, place: Place): Composed | { readonly reason: string } | 'later' {
  const section = sectionOf(place);
  const { draft } = place;
  const fitted = inPlaceOf(fix, section, draft);
  if ('reason' in fitted) return fitted;
  if (draft.noTransaction && addsStatement(fitted.edits, section)) return 'later';
  if (fitted.edits.some((edit) => draft.edits.some((other) => overlaps(edit, other))))
    return { reason: 'another fix changes the same place; run it again.' };
  if (!fitted.noTransaction) return mustStayAlone(fitted, section) ?? fitted;
  if (section.execution.implicit && remaining(section, draft, fitted.removed).length > 1)
    return {
      reason: `${section.execution.tool} sends a file as one, so the statement has to be alone in it; move it to a file of its own.`,
    };
  if (section.execution.optsOut) return fitted;
  const optOut = optOutOf({
    ...place,
    file: place.raised.file,
    section: section.name,
    execution: section.execution,
  });
  if (typeof optOut === 'string') return { reason: optOut };
  return { ...fitted, edits: [...fitted.edits, ...optOut.edits], beside: optOut.beside };
}

/**
 * A statement that would leave nothing but settings behind when it moves to a file of its own is changed where it
 * stands: then this is that file.
 */
function inPlaceOf(
  { edits, newMigrations = [], noTransaction = false }: Fix,
  section: CheckedSection,
  draft: Draft,
): Composed | { readonly reason: string } {
  const removed = removedBy(edits, section, draft);
  const as = { edits, removed, newMigrations, noTransaction };
  const [first, ...others] = newMigrations;
  const [statement] = removed;
  if (!first || !statement || removed.length > 1) return as;
  const rest = remaining(section, draft, removed);
  if (rest.some(({ kind }) => kind !== 'set')) return as;
  const removal = edits.find((edit) => covers(edit, statement));
  if (!removal) return as;
  // CONCURRENTLY waits for no lock that blocks others, so that its timeout has nothing to do any more.
  const idle = rest.filter(
    (each) => first.noTransaction && each.kind === 'set' && each.name === 'lock_timeout',
  );
  if (first.noTransaction && idle.length < rest.length)
    return { reason: 'only settings would be left in this file; which of them it needs is for you to say.' };
  const text = draft.file.text;
  const settings = idle.map(({ span }) => ({ ...withSemicolon(span, text), text: '' }));
  return {
    edits: [{ ...removal, text: first.up }, ...settings],
    removed: idle,
    newMigrations: others,
    noTransaction: first.noTransaction,
  };
}

/** A statement that runs in no transaction has to stay alone where the file is sent as one. */
function mustStayAlone(
  { edits }: Composed,
  section: CheckedSection,
): { readonly reason: string } | undefined {
  const { execution, sql } = section;
  if (!execution.implicit || !addsStatement(edits, section)) return undefined;
  const single = sql.statements.find(({ needsAutocommit }) => needsAutocommit);
  if (!single) return undefined;
  return {
    reason: `${execution.tool} sends a file as one, and a statement here fails unless it is alone in its file.`,
  };
}

function sectionOf({ raised, migration }: Place): CheckedSection {
  return migration[raised.section ?? 'up'] ?? migration.up;
}

/** An edit that puts a statement before, behind or between those of the section. */
function addsStatement(edits: readonly Edit[], section: CheckedSection): boolean {
  return edits.some(
    (edit) =>
      /;/.test(edit.text) &&
      !section.sql.statements.some(({ span }) => edit.start < edit.end && overlap(edit, span)),
  );
}

/** The statements that these edits take out, and none before them did. */
function removedBy(edits: readonly Edit[], { sql }: CheckedSection, draft: Draft): Statement[] {
  return edits
    .filter(({ text }) => text.trim() === '')
    .flatMap((edit) => sql.statements.filter((each) => covers(edit, each) && !draft.removed.has(each)));
}

function remaining({ sql }: CheckedSection, draft: Draft, removed: readonly Statement[]): Statement[] {
  return sql.statements.filter((each) => !draft.removed.has(each) && !removed.includes(each));
}

function covers(edit: Span, { span }: Statement): boolean {
  return edit.start <= span.start && span.end <= edit.end;
}

function withSemicolon({ start, end }: Span, text: string): Span {
  return { start, end: text[end] === ';' ? end + 1 : end };
}

function overlap(one: Span, other: Span): boolean {
  return one.start < other.end && other.start < one.end;
}

function overlaps(edit: Edit, other: Edit): boolean {
  return !same(edit, other) && edit.start <= other.end && other.start <= edit.end;
}

export function same(edit: Edit, other: Edit): boolean {
  return edit.start === other.start && edit.end === other.end && edit.text === other.text;
}
