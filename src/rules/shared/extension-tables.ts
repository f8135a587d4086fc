import type { ObjectName } from '../../sql/statement.ts';
import type { ChangeContext } from '../rule.ts';
import { statementsOf } from './section-memo.ts';

/**
 * Tables that an extension took over by a call like `SELECT create_hypertable('metrics', 'time')`, by key, with
 * whether it was this change that called. `options` are storage parameters that do the same in CREATE TABLE.
 */
export function tablesTakenOver(
  context: ChangeContext,
  functions: ReadonlySet<string>,
  options: RegExp | undefined,
): ReadonlyMap<string, { readonly table: ObjectName; readonly changed: boolean }> {
  const found = new Map<string, { readonly table: ObjectName; readonly changed: boolean }>();
  const add = (table: ObjectName, changed: boolean): void => {
    const key = context.after.key(table);
    if (!found.has(key)) found.set(key, { table, changed });
  };
  for (const { up, migration, changed } of context.all) {
    for (const { statement, nested } of statementsOf(up)) {
      if (
        statement.kind === 'create-table' &&
        options &&
        Object.keys(statement.options).some((name) => options.test(name))
      )
        add(statement.table, changed);
      if (statement.kind !== 'select' || nested) continue;
      if (!statement.functions.some(({ name }) => functions.has(name))) continue;
      const words = migration.up.file.text.slice(statement.span.start, statement.span.end);
      for (const [, called = '', name] of words.matchAll(
        /\b(\w+)\s*\(\s*(?:\w+\s*(?:=>|:=)\s*)?'([^']+)'/g,
      )) {
        if (functions.has(called.toLowerCase()) && name !== undefined) add(nameIn(name), changed);
      }
    }
  }
  return found;
}

/** A name inside a literal, folded as regclass folds it. */
function nameIn(literal: string): ObjectName {
  const parts = [...literal.matchAll(/"([^"]*)"|([^."]+)/g)].map(
    ([, exact, plain]) => exact ?? (plain ?? '').trim().toLowerCase(),
  );
  const name = parts.at(-1) ?? literal;
  const schema = parts.length > 1 ? parts.at(-2) : undefined;
  return schema === undefined ? { name } : { schema, name };
}

export const HYPERTABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'create_hypertable',
  'create_distributed_hypertable',
]);
export const HYPERTABLE_OPTIONS: RegExp = /^(?:tsdb|timescaledb)\.hypertable$/;
export const CITUS_FUNCTIONS: ReadonlySet<string> = new Set([
  'create_distributed_table',
  'create_distributed_table_concurrently',
  'create_reference_table',
]);
/** create_partition is what pg_partman 5.4 calls create_parent. */
export const PARTMAN_FUNCTIONS: ReadonlySet<string> = new Set(['create_parent', 'create_partition']);
/** After these pg_partman leaves the table alone. */
export const PARTMAN_ENDS: ReadonlySet<string> = new Set([
  'undo_partition',
  'undo_partition_proc',
  'config_cleanup',
]);
