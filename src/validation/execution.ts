import type { Layout } from '../migration/layout.ts';
import type { Section } from '../migration/migration.ts';
import type { Execution } from '../rules/rule.ts';
import { enclosed, milliseconds } from '../sql/session.ts';
import type { ParsedSql, StatementOf } from '../sql/statement.ts';

export interface RunnerSettings {
  readonly runner: 'airlock' | 'native';
  /** Milliseconds that Airlock's runner sets; the native tools set nothing. */
  readonly lockTimeout: number;
  readonly statementTimeout?: number | undefined;
}

/** How a section is going to be executed: who runs it, and what a transaction is then (DESIGN, "runner"). */
export function executionOf(
  section: Section,
  sql: ParsedSql,
  layout: Layout,
  settings: RunnerSettings,
): Execution {
  const optOut =
    layout.id === 'airlock' || settings.runner === 'airlock'
      ? (layout.optOut ?? '-- @no-transaction')
      : layout.optOut;
  const common = { tool: layout.title, ...(optOut === undefined ? {} : { optOut }) };
  if (settings.runner === 'airlock')
    return { ...common, ...airlock(section, sql), runner: 'airlock', ...timeouts(section, settings) };
  return {
    ...common,
    runner: 'native',
    transaction: nativeTransaction(section, sql, layout),
    optsOut: section.optsOut,
    inferred: false,
    implicit: layout.nativeTransaction === 'simple-query',
  };
}

function airlock(
  section: Section,
  sql: ParsedSql,
): { transaction: boolean; optsOut: boolean; inferred: boolean } {
  const optsOut = section.optsOut || section.directives.some(({ name }) => name === 'no-transaction');
  const inferred = !optsOut && sql.statements.some((statement) => statement.needsAutocommit);
  const ownControl =
    sql.statements.some((each) => each.kind === 'transaction' && !WITHIN.has(each.command)) &&
    !enclosed(sql.statements);
  return { transaction: !optsOut && !inferred && !ownControl, optsOut, inferred };
}

/** What stands inside a transaction, whoever opened it. */
const WITHIN: ReadonlySet<StatementOf<'transaction'>['command']> = new Set([
  'savepoint',
  'release',
  'rollback-to',
]);

function timeouts(
  section: Section,
  settings: RunnerSettings,
): { lockTimeout: number; statementTimeout?: number } {
  const own = section.directives.find(({ name }) => name === 'statement-timeout')?.argument;
  const statementTimeout = (own === undefined ? undefined : milliseconds(own)) ?? settings.statementTimeout;
  return {
    lockTimeout: settings.lockTimeout,
    ...(statementTimeout === undefined ? {} : { statementTimeout }),
  };
}

function nativeTransaction(section: Section, sql: ParsedSql, layout: Layout): boolean {
  switch (layout.nativeTransaction) {
    case 'wrapped':
      return !section.optsOut;
    case 'all-in-one':
      return true;
    case 'simple-query':
      return sql.statements.length > 1;
    case 'autocommit':
      return false;
  }
}
