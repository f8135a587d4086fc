import type pg from 'pg';

/** What a server has, one line a thing: `column public.t.a` -> `integer NOT NULL default`. */
export type Facts = Map<string, string>;

const SCHEMA = `CASE WHEN n.nspname LIKE 'pg\\_temp%' THEN 'pg_temp' ELSE n.nspname END`;
const OURS = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = c.oid AND e.deptype = 'e')`;
const NAME = (oid: string): string =>
  `(SELECT ${SCHEMA} || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ${oid})`;
/** The same, of what is no view or table of the system's. */
const OWN_NAME = (oid: string): string =>
  `(SELECT own.name FROM ${NAME(oid)} own(name) WHERE own.name !~ '^(information_schema|pg_catalog)\\.')`;
const COLUMNS = (relation: string, keys: string): string =>
  `(SELECT string_agg(a.attname, ',' ORDER BY at.position) FROM unnest(${keys}) WITH ORDINALITY at(number, position)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = at.number)`;

const QUERIES: readonly string[] = [
  `SELECT 'table ' || ${SCHEMA} || '.' || c.relname AS what,
     concat_ws(' ', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' ELSE 'foreign-table' END,
       CASE WHEN c.relkind IN ('v', 'm') THEN '' WHEN c.relpersistence = 'u' THEN 'unlogged' WHEN c.relpersistence = 't' THEN 'temporary' ELSE 'permanent' END,
       CASE WHEN c.relispartition THEN 'part of ' || (SELECT ${NAME('i.inhparent')} FROM pg_inherits i WHERE i.inhrelid = c.oid) END,
       CASE WHEN EXISTS (SELECT FROM pg_partitioned_table p WHERE p.partdefid = c.oid) THEN 'default' END,
       (SELECT 'inherits ' || string_agg(${NAME('i.inhparent')}, ',' ORDER BY ${NAME('i.inhparent')}) FROM pg_inherits i WHERE i.inhrelid = c.oid AND NOT c.relispartition),
       CASE WHEN c.relrowsecurity THEN 'rls' END,
       CASE WHEN c.relkind IN ('v', 'm') THEN NULL ELSE CASE c.relreplident WHEN 'f' THEN 'replica full' WHEN 'n' THEN 'replica nothing' WHEN 'i' THEN 'replica index' END END) AS is
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${OURS}`,
  `SELECT 'column ' || ${SCHEMA} || '.' || c.relname || '.' || a.attname AS what,
     concat_ws(' ', replace(format_type(a.atttypid, a.atttypmod), '"', ''),
       CASE WHEN a.attnotnull AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey[1] = a.attnum AND NOT k.convalidated) THEN 'NOT NULL' END,
       CASE WHEN a.atthasdef AND a.attgenerated = '' THEN 'default' END,
       CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity by-default' END,
       CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END,
       CASE WHEN a.attinhcount > 0 THEN 'inherited ' || a.attinhcount || CASE WHEN a.attislocal THEN ' local' ELSE '' END END) AS is
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND ${OURS}`,
  `SELECT 'constraint ' || ${SCHEMA} || '.' || c.relname || '.' || k.conname AS what,
     concat_ws(' ', CASE k.contype WHEN 'p' THEN 'primary-key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign-key' WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' ELSE 'not-null' END,
       '(' || CASE k.contype WHEN 'c' THEN coalesce((SELECT string_agg(a.attname, ',' ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)), '')
              WHEN 'x' THEN coalesce((SELECT string_agg(a.attname, ',' ORDER BY p.position) FROM unnest(k.conkey) WITH ORDINALITY p(number, position) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.number), '')
              ELSE ${COLUMNS('c.oid', 'k.conkey')} END || ')',
       CASE WHEN NOT k.convalidated THEN 'NOT VALID' END, CASE WHEN NOT k.conenforced THEN 'NOT ENFORCED' END, CASE WHEN k.condeferrable THEN 'deferrable' END,
       'references ' || ${NAME('k.confrelid')} || '(' || ${COLUMNS('k.confrelid', 'k.confkey')} || ')',
       CASE k.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set-null' WHEN 'r' THEN 'restrict' WHEN 'd' THEN 'set-default' END,
       CASE WHEN k.contype IN ('c', 'n') AND k.coninhcount > 0 THEN 'inherited ' || k.coninhcount || CASE WHEN k.conislocal THEN ' local' ELSE '' END END,
       CASE WHEN k.contype IN ('c', 'n') AND k.connoinherit THEN 'no inherit' END) AS is
   FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE k.contype IN ('p', 'u', 'f', 'c', 'x', 'n') AND ${OURS}
     AND NOT EXISTS (SELECT FROM pg_constraint parent WHERE parent.oid = k.conparentid AND parent.conrelid = k.conrelid)`,
  `SELECT 'index ' || ${SCHEMA} || '.' || c.relname AS what,
     concat_ws(' ', 'on', ${NAME('i.indrelid')}, am.amname,
       '(' || (SELECT string_agg(coalesce(a.attname, 'expr'), ',' ORDER BY k.position) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(number, position) LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0 WHERE k.position <= i.indnkeyatts) || ')',
       (SELECT 'include (' || string_agg(a.attname, ',' ORDER BY k.position) || ')' FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(number, position) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.position > i.indnkeyatts),
       CASE WHEN i.indisunique THEN 'unique' END, CASE WHEN i.indpred IS NOT NULL THEN 'partial' END, CASE WHEN i.indnullsnotdistinct THEN 'nulls not distinct' END,
       (SELECT 'for ' || k.conname FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = i.indrelid),
       (SELECT 'part of ' || ${NAME('h.inhparent')} FROM pg_inherits h WHERE h.inhrelid = c.oid)) AS is
   FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS}`,
  `SELECT 'type ' || n.nspname || '.' || c.typname AS what,
     CASE c.typtype WHEN 'e' THEN 'enum ' || (SELECT coalesce(string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder), '') FROM pg_enum e WHERE e.enumtypid = c.oid)
       WHEN 'd' THEN 'domain ' || replace(format_type(c.typbasetype, c.typtypmod), '"', '') WHEN 'c' THEN 'composite' ELSE 'other' END AS is
   FROM pg_type c JOIN pg_namespace n ON n.oid = c.typnamespace LEFT JOIN pg_class r ON r.oid = c.typrelid
   WHERE c.typtype IN ('e', 'd', 'c', 'r') AND (c.typtype <> 'c' OR r.relkind = 'c') AND ${OURS}`,
  `SELECT 'reads ' || ${SCHEMA} || '.' || c.relname AS what,
     coalesce(string_agg(DISTINCT ${OWN_NAME('d.refobjid')}, ',' ORDER BY ${OWN_NAME('d.refobjid')}), '') AS is
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
     LEFT JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
   WHERE c.relkind IN ('v', 'm') AND ${OURS} GROUP BY 1`,
  `SELECT 'sequence ' || ${SCHEMA} || '.' || c.relname AS what,
     coalesce((SELECT 'of ' || ${NAME('d.refobjid')} || '.' || a.attname FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
       WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')), 'free') AS is
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND ${OURS}`,
  `SELECT 'trigger ' || ${NAME('t.tgrelid')} || '.' || t.tgname AS what, '' AS is FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgparentid = 0`,
  `SELECT 'policy ' || ${NAME('p.polrelid')} || '.' || p.polname AS what, CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END AS is FROM pg_policy p`,
  `SELECT 'schema ' || n.nspname AS what, '' AS is FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
  `SELECT 'extension ' || extname AS what, '' AS is FROM pg_extension WHERE extname <> 'plpgsql'`,
  `SELECT 'publication ' || pubname AS what, '' AS is FROM pg_publication`,
  `SELECT 'function ' || n.nspname || '.' || c.proname AS what,
     CASE min(c.provolatile) WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS is
   FROM pg_proc c JOIN pg_namespace n ON n.oid = c.pronamespace WHERE ${OURS} GROUP BY 1`,
];

export async function serverFacts(client: pg.Client): Promise<Facts> {
  const facts: Facts = new Map();
  // Names of types and tables are shown with their schema, but for public's.
  await client.query('SET search_path = public');
  for (const query of QUERIES) {
    const { rows } = await client.query<{ what: string; is: string }>(query);
    for (const { what, is } of rows) facts.set(what, is.replace(/ +/g, ' ').trim());
  }
  return facts;
}
