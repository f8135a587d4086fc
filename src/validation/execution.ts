import type { Layout } from '../migration/layout.ts';
import type { Section } from '../migration/migration.ts';
import type { Execution } from '../rules/rule.ts';
import type { ParsedSql, Statement } from '../sql/statement.ts';

export interface RunnerSettings {
  readonly runner: 'airlock' | 'native';
  /** Milliseconds that Airlock's runner sets; the native tools set nothing. */
  readonly lockTimeout: number;
  readonly statementTimeout?: number | undefined;
}

/** How a section is going to be executed: who runs it, and what a transaction is then (DESIGN, "runner"). */
export function executionOf(section: Section, sql: ParsedSql, layout: Layout, settings: RunnerSettings): Execution {
  const optOut = layout.id === 'airlock' || settings.runner === 'airlock' ? (layout.optOut ?? '-- @no-transaction') : layout.optOut;
  const common = { tool: layout.title, ...(optOut === undefined ? {} : { optOut }) };
  if (settings.runner === 'airlock') return { ...common, ...airlock(section, sql), runner: 'airlock', ...timeouts(section, settings) };
  return { ...common, runner: 'native', transaction: nativeTransaction(section, sql, layout), optsOut: section.optsOut, inferred: false };
}

function airlock(section: Section, sql: ParsedSql): { transaction: boolean; optsOut: boolean; inferred: boolean } {
  const optsOut = section.optsOut || section.directives.some(({ name }) => name === 'no-transaction');
  const inferred = !optsOut && sql.statements.some((statement) => statement.needsAutocommit);
  const ownControl = sql.statements.some(({ kind }) => kind === 'transaction') && !enclosed(sql.statements);
  return { transaction: !optsOut && !inferred && !ownControl, optsOut, inferred };
}

function timeouts(section: Section, settings: RunnerSettings): { lockTimeout: number; statementTimeout?: number } {
  const own = section.directives.find(({ name }) => name === 'statement-timeout')?.argument;
  const statementTimeout = (own === undefined ? undefined : milliseconds(own)) ?? settings.statementTimeout;
  return { lockTimeout: settings.lockTimeout, ...(statementTimeout === undefined ? {} : { statementTimeout }) };
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

/** BEGIN … COMMIT around everything: Airlock takes it off and opens the transaction itself. */
export function enclosed(statements: readonly Statement[]): boolean {
  const [first, ...rest] = statements;
  const last = rest.pop();
  if (first?.kind !== 'transaction' || first.command !== 'begin' || last?.kind !== 'transaction' || last.command !== 'commit') return false;
  return rest.every((statement) => statement.kind !== 'transaction' || statement.command === 'savepoint' || statement.command === 'release' || statement.command === 'rollback-to');
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** A timeout as PostgreSQL writes it (config-setting): a bare number is milliseconds. */
export function milliseconds(value: string): number | undefined {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit ?? 'ms'] ?? 1);
}
