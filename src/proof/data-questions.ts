import type { Connection, DatabaseErrorFields, Row } from '../engine/connection.ts';
import type { Proof } from '../report/proof-result.ts';
import type { Statement } from '../sql/statement.ts';
import { isSettingOfTheRunner } from './base/unmade.ts';
import type { CatalogSnapshot, Facts } from './catalog/snapshot.ts';

/** What made-up rows cannot answer, with the query that asks the target. */
export type DataQuestion = NonNullable<Proof['dependsOnData']>[number];

/** unique_violation, foreign_key_violation and exclusion_violation of the documentation's errcodes-appendix. */
const BETWEEN_ROWS: ReadonlySet<string> = new Set(['23505', '23503', '23P01']);

/** Invalid text representation, and datetime formats, of the same appendix: what a text says is anybody's guess. */
const IN_TEXTS: ReadonlySet<string> = new Set(['22P02', '22007', '22008']);

/**
 * Why an up that fails on rows says nothing about the rows of the target: the values that the rows were given are to
 * blame, or the session that it is run in. Undefined: it fails because there are rows.
 */
export function notTheRows(
  error: DatabaseErrorFields,
  statement: Statement | undefined,
  before: CatalogSnapshot,
): string | undefined {
  if (isSettingOfTheRunner(error)) return 'for rows it asks for what whoever runs the migrations has to set';
  const broken =
    dependsOnRows(error, before) ||
    (BETWEEN_ROWS.has(error.code) && statement !== undefined && copies(statement)) ||
    (IN_TEXTS.has(error.code) && !changesType(statement));
  return broken ? 'made-up rows broke it' : undefined;
}

/** Its values come from rows of other tables. */
function copies(statement: Statement): boolean {
  return (
    (statement.kind === 'update' && statement.from) ||
    (statement.kind === 'insert' && statement.source === 'select')
  );
}

/** What all rows have to fit then, is for the migration to know. */
function changesType(statement: Statement | undefined): boolean {
  return statement?.kind === 'alter-table' && statement.actions.some(({ action }) => action === 'alter-type');
}

/**
 * Whether the rows are to blame together: two that are equal, one that refers to nothing. A column that the migration
 * makes itself has its values from the migration.
 */
function dependsOnRows(
  { code, detail, schema, table }: DatabaseErrorFields,
  before: CatalogSnapshot,
): boolean {
  if (!BETWEEN_ROWS.has(code)) return false;
  const [, key] = /^Key \((.+?)\)=/.exec(detail ?? '') ?? [];
  if (key === undefined || schema === undefined || table === undefined) return true;
  const columns = before.get('column');
  const known = key.split(', ').map((column) => columns?.has(`${schema}.${table}.${column}`) === true);
  // An expression, or names that need quotes: nothing is known of them.
  return known.includes(true) || !key.split(', ').every((column) => /^[a-z_][a-z0-9_]*$/.test(column));
}

/** Asks for every new uniqueness and every new or newly validated foreign key over a table that was there before. */
export async function dataQuestions(
  session: Connection,
  before: CatalogSnapshot,
  after: CatalogSnapshot,
): Promise<DataQuestion[]> {
  const questions: DataQuestion[] = [];
  for (const [object, facts] of added('index', before, after)) {
    const { definition, table, valid } = facts;
    if (!definition?.startsWith('CREATE UNIQUE INDEX') || valid !== 'valid') continue;
    if (!before.get('table')?.has(table ?? '')) continue;
    const [row] = await session.query(UNIQUE, [object]);
    if (row) questions.push({ object, relation: table ?? '', query: duplicates(table ?? '', row) });
  }
  for (const [object, facts] of added('constraint', before, after)) {
    if (!facts['definition']?.startsWith('FOREIGN KEY') || facts['validated'] !== 'validated') continue;
    const [row] = await session.query(FOREIGN_KEY, [object]);
    const table = row?.['relation'];
    if (row && table != null && before.get('table')?.has(table))
      questions.push({ object, relation: table, query: orphans(table, row) });
  }
  return questions;
}

/** New, or another definition than before; one that was renamed is neither. */
function* added(kind: string, before: CatalogSnapshot, after: CatalogSnapshot): Generator<[string, Facts]> {
  const was = before.get(kind);
  const nameless = ({ definition, table }: Facts): string =>
    `${table ?? ''} ${definition?.replace(/^CREATE UNIQUE INDEX \S+ ON/, '')}`;
  const known = new Set([...(was?.values() ?? [])].map(nameless));
  for (const [object, facts] of after.get(kind) ?? []) {
    const old = was?.get(object);
    if (old ? old['validated'] !== facts['validated'] : kind === 'constraint' || !known.has(nameless(facts)))
      yield [object, facts];
  }
}

/** $1 a name as SQL writes it; without the indexes of partitions, which the parent's answers for. */
const UNIQUE = `SELECT (SELECT json_agg(pg_get_indexdef(x.indexrelid, k, true) ORDER BY k) FROM generate_series(1, x.indnkeyatts) k)::text AS keys,
  pg_get_expr(x.indpred, x.indrelid, true) AS filter, x.indnullsnotdistinct AS nulls
FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE x.indexrelid = to_regclass($1) AND NOT c.relispartition`;

function duplicates(table: string, { keys, filter, nulls }: Row): string {
  const columns = JSON.parse(keys ?? '[]') as string[];
  const list = columns.join(', ');
  const filters = [
    ...(nulls === 't' ? [] : columns.map((column) => `${column} IS NOT NULL`)),
    ...(filter == null ? [] : [filter]),
  ];
  const where = filters.length === 0 ? '' : ` WHERE ${filters.join(' AND ')}`;
  return `SELECT ${list}, count(*) FROM ${table}${where} GROUP BY ${list} HAVING count(*) > 1 LIMIT 10;`;
}

const FOREIGN_KEY = `SELECT format('%I.%I', n.nspname, c.relname) AS relation, format('%I.%I', fn.nspname, f.relname) AS target,
  (SELECT json_agg(quote_ident(a.attname) ORDER BY p.at) FROM unnest(k.conkey) WITH ORDINALITY p(attnum, at)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.attnum)::text AS columns,
  (SELECT json_agg(quote_ident(a.attname) ORDER BY p.at) FROM unnest(k.confkey) WITH ORDINALITY p(attnum, at)
    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.attnum)::text AS keys
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0 AND format('%I.%I.%I', n.nspname, c.relname, k.conname) = $1`;

function orphans(table: string, { target, columns, keys }: Row): string {
  const from = JSON.parse(columns ?? '[]') as string[];
  const to = JSON.parse(keys ?? '[]') as string[];
  const present = from.map((column) => `c.${column} IS NOT NULL`).join(' AND ');
  const match = from.map((column, at) => `p.${to[at]} = c.${column}`).join(' AND ');
  return `SELECT c.* FROM ${table} c WHERE ${present} AND NOT EXISTS (SELECT FROM ${target} p WHERE ${match}) LIMIT 10;`;
}
