import type { Catalog } from '../../sql/catalog/catalog.ts';
import type { ObjectName, Relation, Statement, StatementOf } from '../../sql/statement.ts';
import type { Size } from '../rule.ts';

/** How much of a table in use a data change reads or writes, as far as its text tells. */
export type Reach = 'every-row' | 'many-rows' | 'some-rows' | 'few-rows';

interface Knowledge {
  readonly catalog: Catalog;
  readonly text: string;
  isNew(relation: ObjectName): boolean;
  size(relation: ObjectName): Size | undefined;
}

/** Undefined: not a data change. */
export function reachOf(statement: Statement, known: Knowledge): Reach | undefined {
  switch (statement.kind) {
    case 'insert':
      return insertReach(statement, known);
    case 'update':
    case 'delete':
      return changeReach(statement, known);
    case 'merge':
      return known.isNew(statement.table) ? 'few-rows' : bySize(known.size(statement.table));
    case 'copy':
      return statement.direction === 'from' ? 'few-rows' : undefined;
    default:
      return undefined;
  }
}

/** Relations whose rows an INSERT … SELECT copies: in use, not made by this change. */
export function copiedFrom(
  statement: StatementOf<'insert'>,
  known: Pick<Knowledge, 'catalog' | 'isNew'>,
): readonly Relation[] {
  if (statement.source !== 'select') return [];
  const target = known.catalog.key(statement.table);
  return statement.relations.filter(
    (relation) => known.catalog.key(relation) !== target && !known.isNew(relation),
  );
}

function insertReach(statement: StatementOf<'insert'>, known: Knowledge): Reach {
  const sources = copiedFrom(statement, known);
  if (sources.length === 0) return 'few-rows';
  const sizes = sources.map((relation) => known.size(relation));
  if (sizes.every((size) => size?.volume === 'small')) return 'few-rows';
  const words = wordsOf(statement, known.text);
  if (/\blimit\b|\bfetch\s+(?:first|next)\b/i.test(words)) return 'few-rows';
  if (!/\bwhere\b|\bhaving\b/i.test(words)) return 'every-row';
  return sizes.some((size) => size?.volume === 'large') ? 'many-rows' : 'some-rows';
}

function changeReach(statement: StatementOf<'update' | 'delete'>, known: Knowledge): Reach {
  if (known.isNew(statement.table)) return 'few-rows';
  if (statement.where !== 'present') return 'every-row';
  const words = wordsOf(statement, known.text);
  if (/\blimit\b|\bbetween\b/i.test(words) || namesOneRow(statement, words, known.catalog)) return 'few-rows';
  const size = known.size(statement.table);
  if (size) return bySize(size);
  if (statement.kind !== 'update') return 'some-rows';
  return statement.from || statement.assigned.some((column) => isNullTest(words, column))
    ? 'many-rows'
    : 'some-rows';
}

function bySize(size: Size | undefined): Reach {
  return size?.volume === 'large' ? 'many-rows' : size?.volume === 'small' ? 'few-rows' : 'some-rows';
}

function wordsOf(statement: Statement, text: string): string {
  return text.slice(statement.span.start, statement.span.end);
}

const KEY_TEST = /\bwhere\s+(?:"?\w+"?\.)?"?(\w+)"?\s*(?:=\s*(?:'[^']*'|\d+\b)|in\s*\(\s*(?:'|\d))/i;
/** What a column that names one row is usually called, where the catalog does not know. */
const KEY_NAMES: ReadonlySet<string> = new Set([
  'id',
  'uuid',
  'guid',
  'key',
  'code',
  'slug',
  'name',
  'email',
]);

/** `WHERE key = constant`, `WHERE key IN (constants)`. */
function namesOneRow(statement: StatementOf<'update' | 'delete'>, words: string, catalog: Catalog): boolean {
  const column = KEY_TEST.exec(words)?.[1]?.toLowerCase();
  if (column === undefined) return false;
  if (KEY_NAMES.has(column)) return true;
  return catalog
    .indexesOf(statement.table)
    .some(({ unique, columns }) => unique && columns.length === 1 && columns[0]?.column === column);
}

/** `WHERE assigned IS NULL`: what a backfill of a new column looks like. */
function isNullTest(words: string, column: string): boolean {
  return new RegExp(
    `(?<![\\w$])"?${column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"?\\s+is\\s+null\\b`,
    'i',
  ).test(words);
}
