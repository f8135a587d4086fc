import type { Catalog } from '../sql/catalog/catalog.ts';
import type { Column } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { numberOption } from './shared/statistics.ts';

/** Bytes and alignment of the fixed-width types (pg_type.typlen and typalign). */
const WIDTHS: Readonly<Record<string, readonly [size: number, alignment: number]>> = {
  boolean: [1, 1],
  smallint: [2, 2],
  integer: [4, 4],
  bigint: [8, 8],
  real: [4, 4],
  'double precision': [8, 8],
  date: [4, 4],
  time: [8, 8],
  timetz: [12, 8],
  timestamp: [8, 8],
  timestamptz: [8, 8],
  interval: [16, 8],
  uuid: [16, 1],
  money: [8, 8],
  oid: [4, 4],
};

export const rule = defineRule({
  id: 'column-order-alignment',
  title: 'Order of columns that wastes padding bytes',
  severity: 'off',
  why: 'A fixed-width value starts at a multiple of its alignment (8 bytes for bigint and timestamptz), so a smaller column in front of it is followed by unused bytes in every row. They take disk and memory for as long as the table lives, because columns cannot be moved later.',
  safeAlternative:
    'Put the widest fixed-width columns first: bigint and timestamptz, then integer and date, then smallint and boolean, then text and the other types of varying width.',
  sections: ['up'],
  reference: 'storage-page-layout',
  knownAs: { migrationpilot: ['MP061'], atlas: ['PG110'] },
  options: {
    bytes: { default: 8, description: 'Padding bytes in each row from which on the order is reported.' },
  },
  statements: {
    *'create-table'(statement, context) {
      if (statement.persistence === 'temporary') return;
      const fixed = fixedWidths(statement.columns, context.catalog);
      const best = [...fixed].sort(([, one], [, other]) => other - one);
      const wasted = padding(fixed) - padding(best);
      if (wasted < numberOption(context.options, 'bytes', 8)) return;
      yield {
        span: statement.table.span,
        message: `In this order of columns each row of ${quoted(statement.table)} holds ${wasted} bytes of padding that another order would not need.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE readings (active boolean NOT NULL, id bigint PRIMARY KEY, valid boolean NOT NULL, taken_at timestamptz NOT NULL);',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE readings (id bigint PRIMARY KEY, taken_at timestamptz NOT NULL, active boolean NOT NULL, valid boolean NOT NULL);',
    },
    {
      sql: 'CREATE TABLE tags (name text NOT NULL, id bigint PRIMARY KEY);',
      note: 'Where a column after a text starts differs from row to row.',
    },
  ],
};

/** The columns up to the first one of varying width, behind which places differ from row to row. */
function fixedWidths(columns: readonly Column[], catalog: Catalog): (readonly [number, number])[] {
  const fixed: (readonly [number, number])[] = [];
  for (const { type } of columns) {
    if (!type || type.array) break;
    const width =
      type.schema === undefined && Object.hasOwn(WIDTHS, type.name)
        ? WIDTHS[type.name]
        : catalog.type(type)?.form === 'enum'
          ? ([4, 4] as const)
          : undefined;
    if (!width) break;
    fixed.push(width);
  }
  return fixed;
}

function padding(widths: readonly (readonly [number, number])[]): number {
  let at = 0;
  let unused = 0;
  for (const [size, alignment] of widths) {
    const gap = (alignment - (at % alignment)) % alignment;
    unused += gap;
    at += gap + size;
  }
  return unused;
}
