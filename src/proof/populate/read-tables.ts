import type { Connection } from '../../engine/connection.ts';
import type { ForeignKey, PopulationFacts, TableFacts, TypeFacts } from './facts.ts';

/**
 * Reads what rows are made from, of some tables and of all that they reference: what it costs goes by their number,
 * not by that of the catalog.
 *
 * @param names as SQL writes them: of tables, views and indexes (which stand for their tables), of types (for the
 *   tables that have columns of it), and `schema.*`; what is not there is left out
 */
export async function readTables(connection: Connection, names: readonly string[]): Promise<PopulationFacts> {
  const reached = await reach(connection, names);
  const ids = [...reached.keys()];
  if (ids.length === 0) return { tables: [], types: new Map(), askedPartitions: new Map() };
  const askedPartitions = await readAskedPartitions(connection, ids, reached);
  const wanted = [...reached].flatMap(([id, { named }]) => (named ? [id] : []));
  const tables: TableFacts[] = [];
  for (const { facts } of await connection.query(TABLES, [list(ids), list(wanted)]))
    if (facts != null) {
      const table = JSON.parse(facts) as TableFacts;
      tables.push({
        ...table,
        told: reached.get(table.id)?.told ?? false,
        foreignKeys: distinct(table.foreignKeys),
      });
    }
  const types = await readTypes(connection, tables);
  return { tables, types, askedPartitions };
}

/** Partitions may have a foreign key each, which their table has not. */
function distinct(keys: readonly ForeignKey[]): ForeignKey[] {
  return [...new Map(keys.map((key) => [`${key.columns} ${key.references}`, key])).values()];
}

interface Reached {
  readonly told: boolean;
  readonly named: boolean;
}

/** The tables by oid, those asked for first. */
async function reach(connection: Connection, names: readonly string[]): Promise<Map<string, Reached>> {
  const reached = new Map<string, Reached>();
  if (names.length === 0) return reached;
  for (const { id, told, named } of await connection.query(REACH, [JSON.stringify(names)]))
    if (id != null) reached.set(id, { told: told === 't', named: named === 't' });
  return reached;
}

async function readAskedPartitions(
  connection: Connection,
  ids: readonly string[],
  reached: ReadonlyMap<string, Reached>,
): Promise<Map<string, string>> {
  const asked = new Map<string, string>();
  for (const { id, name, root } of await connection.query(PARTITIONS, [list(ids)]))
    if (id != null && name != null && root != null && reached.get(id)?.told) asked.set(name, root);
  return asked;
}

async function readTypes(
  connection: Connection,
  tables: readonly TableFacts[],
): Promise<Map<string, TypeFacts>> {
  const ids = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type)));
  const types = new Map<string, TypeFacts>();
  if (ids.size === 0) return types;
  for (const { facts } of await connection.query(TYPES, [list(ids)]))
    if (facts != null) {
      const type = JSON.parse(facts) as TypeFacts;
      types.set(type.id, type);
    }
  return types;
}

/** As the server reads an array. Parameters are texts, as drivers do not agree on how to send a list. */
function list(ids: Iterable<string>): string {
  return `{${[...ids].join(',')}}`;
}

/**
 * From the names to the tables: a view leads to what it reads, an index to its table, a type to the columns that have
 * it, a partition to the whole table, a parent to the tables that inherit from it, a table to what it references.
 * All by indexes of the catalog, here and below: a join would have the server read whole catalogs for each table.
 */
const REACH = `
WITH RECURSIVE asked(name) AS (
  SELECT * FROM json_array_elements_text($1::text::json)
), start(oid) AS (
  SELECT to_regclass(name)::oid FROM asked WHERE right(name, 2) <> '.*'
  UNION SELECT c.oid FROM asked JOIN pg_namespace n ON name IN (quote_ident(n.nspname) || '.*', '"' || replace(n.nspname, '"', '""') || '".*')
    JOIN pg_class c ON c.relnamespace = n.oid WHERE c.relkind IN ('r', 'p')
  UNION SELECT d.objid FROM asked, pg_type t, pg_depend d
    WHERE right(name, 2) <> '.*' AND t.oid = to_regtype(name)::oid AND d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
      AND d.classid = 'pg_class'::regclass AND d.objsubid > 0
), reach(oid, named, told) AS (
  SELECT oid, true, true FROM start WHERE oid IS NOT NULL
  UNION
  SELECT next.* FROM reach r, LATERAL (
    SELECT k.confrelid, false, true FROM pg_constraint k WHERE k.conrelid = r.oid AND k.contype = 'f' AND k.conparentid = 0
    UNION ALL SELECT k.confrelid, false, true FROM pg_inherits i, pg_constraint k
      WHERE i.inhparent = r.oid AND k.conrelid = i.inhrelid AND k.contype = 'f' AND k.conparentid = 0
    UNION ALL SELECT i.inhparent, false, false FROM pg_inherits i, pg_class c
      WHERE i.inhrelid = r.oid AND c.oid = r.oid AND c.relispartition
    UNION ALL SELECT i.inhrelid, true, r.told FROM pg_inherits i, pg_class c
      WHERE r.named AND i.inhparent = r.oid AND c.oid = i.inhrelid AND NOT c.relispartition
    UNION ALL SELECT x.indrelid, true, true FROM pg_index x WHERE x.indexrelid = r.oid
    UNION ALL SELECT d.refobjid, true, true FROM pg_class c, pg_rewrite w, pg_depend d
      WHERE c.oid = r.oid AND c.relkind IN ('v', 'm') AND w.ev_class = r.oid AND d.classid = 'pg_rewrite'::regclass
        AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.oid
  ) next(oid, named, told)
)
SELECT r.oid::text AS id, CASE WHEN bool_or(r.named) THEN 't' ELSE 'f' END AS named,
  CASE WHEN bool_or(r.told) THEN 't' ELSE 'f' END AS told
FROM reach r JOIN pg_class c ON c.oid = r.oid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema'
GROUP BY r.oid ORDER BY bool_or(r.named) DESC, r.oid`;

const PARTITIONS = `
SELECT c.oid::text AS id, format('%I.%I', n.nspname, c.relname) AS name, pg_partition_root(c.oid)::oid::text AS root
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1::oid[]) AND c.relispartition`;

const COLUMN_NAMES = (table: string, numbers: string): string => `
  (SELECT coalesce(json_agg(quote_ident(a.attname) ORDER BY u.at), '[]') FROM unnest(${numbers}) WITH ORDINALITY u(number, at)
    JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = u.number)`;

/** $1: the tables; $2: which of them and of their partitions were asked for. */
const TABLES = `
SELECT json_build_object(
  'id', c.oid::text, 'name', format('%I.%I', n.nspname, c.relname),
  'kind', CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'f' THEN 'foreign' ELSE 'table' END,
  'forced', c.relforcerowsecurity AND c.relrowsecurity AND NOT EXISTS (
    SELECT FROM pg_roles r WHERE r.rolname = current_user AND (r.rolsuper OR r.rolbypassrls)),
  'columns', (SELECT coalesce(json_agg(json_build_object('name', quote_ident(a.attname), 'type', a.atttypid::text, 'modifier', a.atttypmod,
      'notNull', a.attnotnull, 'default', CASE WHEN a.atthasdef AND a.attgenerated = '' THEN
        (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END,
      'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by-default' END,
      'generated', a.attgenerated <> '') ORDER BY a.attnum), '[]')
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'checks', (SELECT coalesce(json_agg(pg_get_expr(k.conbin, k.conrelid) ORDER BY k.conname), '[]')
    FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'),
  'keys', (SELECT coalesce(json_agg((SELECT json_agg(DISTINCT quote_ident(a.attname)) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND (a.attnum = ANY (x.indkey::int2[]) OR EXISTS (SELECT FROM pg_depend d
        WHERE x.indexprs IS NOT NULL AND d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum)))), '[]')
    FROM pg_index x WHERE x.indrelid = c.oid AND x.indisunique),
  'primaryKey', coalesce((SELECT ${COLUMN_NAMES('k.conrelid', 'k.conkey')} FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p'), '[]'),
  'foreignKeys', (SELECT coalesce(json_agg(json_build_object('columns', ${COLUMN_NAMES('k.conrelid', 'k.conkey')},
      'references', k.confrelid::text, 'referenced', ${COLUMN_NAMES('k.confrelid', 'k.confkey')},
      'deferrable', k.condeferrable, 'full', k.confmatchtype = 'f') ORDER BY k.conname), '[]')
    FROM (SELECT c.oid AS id UNION ALL SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = c.oid AND c.relkind = 'p') own
    JOIN pg_constraint k ON k.conrelid = own.id WHERE k.contype = 'f' AND k.conparentid = 0),
  'partitions', CASE WHEN c.relkind <> 'p' THEN '[]' ELSE (SELECT coalesce(json_agg(json_build_object(
      'name', p.relid::regclass::text, 'constraint', pg_get_partition_constraintdef(p.relid),
      'checks', (SELECT coalesce(json_agg(pg_get_expr(k.conbin, k.conrelid)), '[]') FROM pg_constraint k WHERE k.conrelid = p.relid AND k.contype = 'c' AND k.coninhcount = 0),
      'wanted', p.wanted) ORDER BY p.wanted DESC, p.relid), '[]')
    FROM (SELECT t.relid, EXISTS (SELECT FROM pg_partition_ancestors(t.relid) a WHERE a.relid <> c.oid AND a.relid = ANY ($2::oid[])) AS wanted
      FROM pg_partition_tree(c.oid) t WHERE t.isleaf AND (SELECT l.relkind FROM pg_class l WHERE l.oid = t.relid) = 'r' ORDER BY 2 DESC, 1 LIMIT 200) p) END,
  'sequences', (SELECT coalesce(json_agg(json_build_object('name', u.sequence::regclass::text,
      'column', (SELECT quote_ident(a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = u.number),
      'most', (SELECT s.seqmax FROM pg_sequence s WHERE s.seqrelid = u.sequence),
      'increment', (SELECT s.seqincrement FROM pg_sequence s WHERE s.seqrelid = u.sequence))), '[]')
    FROM (SELECT d.objid AS sequence, d.refobjsubid AS number FROM pg_depend d
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0 AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
      UNION SELECT d.refobjid, f.adnum FROM pg_attrdef f, LATERAL (SELECT d.refobjid FROM pg_depend d
          WHERE d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid OFFSET 0) d
        WHERE f.adrelid = c.oid) u
    WHERE (SELECT q.relkind FROM pg_class q WHERE q.oid = u.sequence) = 'S'),
  'triggers', (SELECT coalesce(json_agg(quote_ident(g.tgname) ORDER BY g.tgname), '[]')
    FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgenabled = 'O')
)::text AS facts
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY ($1::oid[]) AND NOT c.relispartition ORDER BY c.oid`;

const TYPES = `
WITH RECURSIVE reach(oid) AS (
  SELECT unnest($1::oid[])
  UNION SELECT next.oid FROM reach r, LATERAL (
    SELECT t.typbasetype FROM pg_type t WHERE t.oid = r.oid AND t.typtype = 'd'
    UNION ALL SELECT t.typelem FROM pg_type t WHERE t.oid = r.oid AND t.typcategory = 'A'
    UNION ALL SELECT g.rngsubtype FROM pg_range g WHERE g.rngtypid = r.oid
    UNION ALL SELECT g.rngtypid FROM pg_range g WHERE g.rngmultitypid = r.oid
    UNION ALL SELECT a.atttypid FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE t.oid = r.oid AND t.typtype = 'c'
  ) next(oid)
)
SELECT json_build_object('id', t.oid::text, 'sql', format_type(t.oid, NULL), 'name', t.typname,
  'kind', CASE t.typtype WHEN 'b' THEN 'base' WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite'
    WHEN 'r' THEN 'range' WHEN 'm' THEN 'multirange' ELSE 'other' END,
  'category', t.typcategory, 'isArray', t.typtype = 'b' AND t.typcategory = 'A' AND t.typelem <> 0,
  'of', CASE t.typtype WHEN 'd' THEN t.typbasetype::text WHEN 'b' THEN nullif(t.typelem, 0)::text
    WHEN 'r' THEN (SELECT g.rngsubtype::text FROM pg_range g WHERE g.rngtypid = t.oid)
    WHEN 'm' THEN (SELECT g.rngtypid::text FROM pg_range g WHERE g.rngmultitypid = t.oid) END,
  'modifier', t.typtypmod, 'notNull', t.typnotnull,
  'labels', CASE t.typtype WHEN 'e' THEN (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) ELSE '[]' END,
  'checks', CASE t.typtype WHEN 'd' THEN (SELECT coalesce(json_agg(pg_get_expr(k.conbin, 0) ORDER BY k.conname), '[]')
    FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') ELSE '[]' END,
  'attributes', CASE t.typtype WHEN 'c' THEN (SELECT coalesce(json_agg(json_build_object('type', a.atttypid::text, 'modifier', a.atttypmod) ORDER BY a.attnum), '[]')
    FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) ELSE '[]' END
)::text AS facts
FROM reach r JOIN pg_type t ON t.oid = r.oid`;
