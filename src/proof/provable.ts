import { type SectionRun, stepsOf } from '../engine/run-section.ts';
import type { Section } from '../migration/migration.ts';
import type { CheckedMigration, CheckedSection, Execution } from '../rules/rule.ts';
import { readable } from '../sql/readable.ts';
import { enclosed } from '../sql/session.ts';
import type { NotAnalysed, ParsedSql, Statement } from '../sql/statement.ts';
import { refusals } from './embedded/refuse.ts';

/** A migration as the proof runs it. */
export interface Provable {
  readonly checked: CheckedMigration;
  readonly up: SectionRun;
  readonly down?: SectionRun | undefined;
  readonly verify?: SectionRun | undefined;
  /** What stands in the up and cannot be run: commands of other clients, templates, placeholders without a value. */
  readonly blocked: readonly NotAnalysed[];
  /** Statements of the up that are left out of it, while the others are proven. */
  readonly skipped?: readonly NotAnalysed[] | undefined;
  /** Path of a migration in another language right before it, of which nothing is run. */
  readonly codeBefore?: string | undefined;
  /** Extensions among them that could not be had. */
  readonly missingExtensions?: readonly string[] | undefined;
}

export interface ProvableSettings {
  readonly placeholders: Readonly<Record<string, string>>;
  /** Milliseconds, for files whose own runner sets none. */
  readonly lockTimeout: number;
  readonly statementTimeout: number;
}

/** What of a migration is run, and how; nothing is asked of a database. */
export function provable(checked: CheckedMigration, settings: ProvableSettings): Provable {
  const { migration } = checked;
  const run = (section: Section, { sql, execution }: CheckedSection): SectionRun => {
    const { written } = readable(section.file.text, section.pieces, settings.placeholders);
    return {
      steps: stepsOf(sql, written),
      transaction: runsInTransaction(sql, execution),
      lockTimeout: execution.lockTimeout ?? settings.lockTimeout,
      statementTimeout: execution.statementTimeout ?? settings.statementTimeout,
    };
  };
  return {
    checked,
    up: run(migration.up, checked.up),
    ...(migration.down && checked.down ? { down: run(migration.down, checked.down) } : {}),
    ...(migration.verify && checked.verify ? { verify: run(migration.verify, checked.verify) } : {}),
    blocked: [
      ...checked.up.sql.notAnalysed.filter(({ span }) => !checked.up.sql.statements.some(holds(span))),
      ...refusals(checked.up.sql.statements, migration.up.file.text),
    ],
  };
}

/** Whether something in this statement cannot be run. */
export function isBlocked({ blocked }: Provable, { start, end }: NotAnalysed['span']): boolean {
  return blocked.some(({ span }) => span.start < end && start < span.end);
}

/** A body that could not be analysed stands in a statement that runs all the same. */
function holds({ start, end }: NotAnalysed['span']): (statement: Statement) => boolean {
  return ({ span }) => span.start <= start && end <= span.end;
}

/** Where a tool sends a file as one message, the transaction is PostgreSQL's implicit one, and a BEGIN in the file takes its place. */
function runsInTransaction({ statements }: ParsedSql, { transaction, implicit }: Execution): boolean {
  if (!transaction || implicit !== true) return transaction;
  return enclosed(statements) || !statements.some(({ kind }) => kind === 'transaction');
}
