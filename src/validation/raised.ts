import type { Finding } from '../report/result.ts';
import type { CheckedMigration, Claim, Fix, SectionName, Severity } from '../rules/rule.ts';
import type { SourceFile, Span } from '../sql/source.ts';

/** A finding before suppressions and its final form: with its place as offsets and its whole fix. */
export interface Raised {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly file: SourceFile;
  readonly span: Span;
  /** The statement it belongs to: what an ignore comment stands before. */
  readonly statement?: Span | undefined;
  readonly migrationId?: string | undefined;
  readonly message: string;
  readonly why: string;
  readonly advice: string;
  readonly fix?: Fix | undefined;
  readonly migration?: CheckedMigration | undefined;
  readonly section?: SectionName | undefined;
  /** The catalog of the shadow database, or what ran in it, showed it. Default: static. */
  readonly stage?: 'catalog' | 'executed' | undefined;
  /** What it says of its statement, where that is not what its rule says. */
  readonly claims?: readonly Claim[] | undefined;
  /** It says only that nobody can read what its statement does. */
  readonly unread?: boolean | undefined;
  /** It says that its statement fails, and the statement failed. */
  readonly foretold?: boolean | undefined;
  /** Of a statement inside a DO block, or inside a body that its statement calls. */
  readonly inBody?: boolean | undefined;
  /** Said of the migration, and shown at its first line because it has no place of its own. */
  readonly whole?: boolean | undefined;
}

/** Where a rule is explained. */
export function helpUrl(ruleId: string): string {
  return `https://github.com/pg-airlock/airlock/blob/main/docs/rules/${ruleId}.md`;
}

export function toFinding(raised: Raised): Finding {
  const { file, span, fix } = raised;
  const from = file.position(span.start);
  const to = file.position(Math.max(span.end, span.start));
  const edit = fix && !fix.newMigrations?.length && !fix.noTransaction ? joined(fix.edits, file) : undefined;
  return {
    ruleId: raised.ruleId,
    severity: raised.severity,
    stage: raised.stage ?? 'static',
    ...(raised.migrationId === undefined ? {} : { migrationId: raised.migrationId }),
    file: file.path,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    message: raised.message,
    why: raised.why,
    fix: raised.advice,
    ...(fix && edit ? { replacement: replacement(file, edit, fix.title) } : {}),
    helpUrl: helpUrl(raised.ruleId),
  };
}

/** Characters. */
const LONGEST_REPLACEMENT = 2_000;

/** Several edits near each other as one: a suggestion replaces one run of lines. */
function joined(edits: Fix['edits'], file: SourceFile): Fix['edits'][number] | undefined {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  const [first] = sorted;
  const last = sorted.at(-1);
  if (!first || !last || sorted.length === 1) return first;
  if (last.end - first.start > LONGEST_REPLACEMENT) return undefined;
  let text = '';
  let at = first.start;
  for (const edit of sorted) {
    if (edit.start < at) return undefined;
    text += file.text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return { start: first.start, end: last.end, text };
}

function replacement(
  file: SourceFile,
  edit: Fix['edits'][number],
  title: string,
): NonNullable<Finding['replacement']> {
  const from = file.position(edit.start);
  const to = file.position(edit.end);
  return {
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    text: edit.text,
    title,
  };
}
