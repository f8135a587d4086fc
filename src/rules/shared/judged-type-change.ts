import type { AlterTableAction, StatementOf, TypeName } from '../../sql/statement.ts';
import type { StatementContext } from '../rule.ts';
import { oncePerSection, sameTransaction, statementsOf } from './section-memo.ts';
import { type TypeChange, typeChange } from './type-change.ts';

export type AlterType = Extract<AlterTableAction, { readonly action: 'alter-type' }>;

/** What this ALTER COLUMN TYPE does here: the types, USING and the session's time zone considered. */
export function judgedTypeChange(
  action: AlterType,
  statement: StatementOf<'alter-table'>,
  context: StatementContext,
): { readonly change: TypeChange; readonly from?: TypeName | undefined } {
  const column = context.catalog.table(statement.table)?.columns.get(action.column);
  const from = column?.type;
  // Nothing of a virtual column is stored.
  if (column?.generated?.kind === 'virtual') return { change: 'kept', from };
  if (action.using && !isPlainCast(action, context)) return { change: 'rewrite', from };
  const change = typeChange(from, action.type, context.catalog);
  return { change: change === 'time-zone' && inUtc(context) ? 'indexes' : change, from };
}

/** Characters; more is no mere cast, and not worth matching. */
const LONGEST_CAST = 200;

/** USING column, or a cast of the column to the new type: what happens without USING, too. */
function isPlainCast(action: AlterType, context: StatementContext): boolean {
  const { using } = action;
  if (
    !using ||
    using.functions.length > 0 ||
    using.columns.length !== 1 ||
    using.columns[0] !== action.column
  )
    return false;
  // Statements inside a DO block have no places of their own.
  if (context.nested) return true;
  const written = context.text.slice(using.span.start, action.span.end).trim();
  if (written.length > LONGEST_CAST) return false;
  const column = `\\(*"?${action.column.replace(/\W/g, '\\$&')}"?\\)*`;
  if (new RegExp(`^${column}$`, 'i').test(written)) return true;
  const cast =
    new RegExp(`^${column}\\s*::(.+)$`, 'is').exec(written)?.[1] ??
    new RegExp(`^cast\\s*\\(\\s*${column}\\s+as\\s(.+)$`, 'is').exec(written)?.[1];
  return (
    cast !== undefined &&
    spelling(cast) === spelling(context.text.slice(action.type.span.start, action.type.span.end))
  );
}

/** A type as text, with one spelling for each and without the parentheses that stood around the cast. */
function spelling(type: string): string {
  let plain = type
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),]) ?/g, '$1')
    .trim();
  while (plain.endsWith(')') && plain.split('(').length < plain.split(')').length) plain = plain.slice(0, -1);
  return plain
    .replace(/^character varying/, 'varchar')
    .replace(/^decimal/, 'numeric')
    .replace(/^int8$/, 'bigint')
    .replace(/^int4?$/, 'integer');
}

const zoneSettings = oncePerSection((section) => {
  const settings: { readonly index: number; readonly value: string | undefined; readonly local: boolean }[] =
    [];
  for (const { statement, index } of statementsOf(section)) {
    if (statement.kind === 'set' && (statement.name === 'timezone' || statement.name === 'all'))
      settings.push({ index, value: statement.reset ? undefined : statement.value, local: statement.local });
  }
  return settings;
});

/** The file itself sets TimeZone to UTC before this statement. */
function inUtc(context: StatementContext): boolean {
  const { section, index } = context;
  const last = zoneSettings(section).findLast(
    (each) => each.index < index && (!each.local || sameTransaction(section, each.index, index)),
  );
  return last?.value !== undefined && /^(?:utc|etc\/utc|gmt|z|zulu)$/i.test(last.value);
}
