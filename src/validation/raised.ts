import type { Finding } from '../report/result.ts';
import type { CheckedMigration, Fix, SectionName, Severity } from '../rules/rule.ts';
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
}

/** Where a rule is explained. */
export function helpUrl(ruleId: string): string {
  return `https://github.com/pg-airlock/airlock/blob/main/docs/rules/${ruleId}.md`;
}

export function toFinding(raised: Raised): Finding {
  const { file, span, fix } = raised;
  const from = file.position(span.start);
  const to = file.position(Math.max(span.end, span.start));
  const edit =
    fix && fix.edits.length === 1 && !fix.newMigrations?.length && !fix.noTransaction
      ? fix.edits[0]
      : undefined;
  return {
    ruleId: raised.ruleId,
    severity: raised.severity,
    stage: 'static',
    ...(raised.migrationId === undefined ? {} : { migrationId: raised.migrationId }),
    file: file.path,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    message: raised.message,
    why: raised.why,
    fix: raised.advice,
    ...(edit ? { replacement: replacement(file, edit) } : {}),
    helpUrl: helpUrl(raised.ruleId),
  };
}

function replacement(file: SourceFile, edit: Fix['edits'][number]): NonNullable<Finding['replacement']> {
  const from = file.position(edit.start);
  const to = file.position(edit.end);
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column, text: edit.text };
}
