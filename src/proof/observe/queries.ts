/**
 * What is asked before a migration and between its statements, each as one query that gives one JSON text. Embedded, a
 * query costs by what there is to plan rather than by what it reads, so catalogs are read one by one, without joins,
 * and names are put together by `inventory.ts`. They are asked where names are those of pg_catalog (`own-path.ts`).
 */

/** Objects made once the server stands: its own have smaller oids (FirstNormalObjectId, access/transam.h). */
const FIRST_OID = 16_384;

/** Oids of the catalogs, the same in every version: what pg_locks calls `classid`. */
export const RELATIONS = 1259;
export const EXTENSIONS = 3079;
const ROUTINES = 1255;
const CONSTRAINTS = 2606;

interface Kind {
  readonly catalog: number;
  readonly name: string;
  /** Schema, owning relation or type, name, and the word for it; 0 where there is none. */
  readonly columns: string;
  readonly where?: string;
}

/** Kinds of object beside relations and columns. Words are those of the catalog comparison. */
const KINDS: readonly Kind[] = [
  { catalog: 2615, name: 'pg_namespace', columns: `0, 0, quote_ident(nspname), 'schema'` },
  { catalog: EXTENSIONS, name: 'pg_extension', columns: `0, 0, quote_ident(extname), 'extension'` },
  {
    catalog: 1247,
    name: 'pg_type',
    columns: `typnamespace, typrelid, quote_ident(typname), CASE typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'type' END`,
    where: `typelem = 0 AND typtype <> 'm'`,
  },
  {
    catalog: ROUTINES,
    name: 'pg_proc',
    columns: `pronamespace, 0, quote_ident(proname) || '(' || pg_get_function_identity_arguments(oid) || ')',
      CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END`,
  },
  {
    catalog: CONSTRAINTS,
    name: 'pg_constraint',
    columns: `connamespace, CASE conrelid WHEN 0 THEN contypid ELSE conrelid END, quote_ident(conname), 'constraint'`,
    // NOT NULL has a constraint of its own since 18; people see it at the column.
    where: `contype <> 'n'`,
  },
  {
    catalog: 2620,
    name: 'pg_trigger',
    columns: `0, tgrelid, quote_ident(tgname), 'trigger'`,
    where: 'NOT tgisinternal',
  },
  { catalog: 3256, name: 'pg_policy', columns: `0, polrelid, quote_ident(polname), 'policy'` },
  {
    catalog: 2618,
    name: 'pg_rewrite',
    columns: `0, ev_class, quote_ident(rulename), 'rule'`,
    where: `rulename <> '_RETURN'`,
  },
  {
    catalog: 3381,
    name: 'pg_statistic_ext',
    columns: `stxnamespace, 0, quote_ident(stxname), 'statistics'`,
  },
];

const RELATION_ROW = `json_build_array(oid::pg_catalog.int8, relnamespace::pg_catalog.int8, quote_ident(relname), relkind,
  relfilenode::pg_catalog.int8, reltoastrelid::pg_catalog.int8, reltablespace::pg_catalog.int8, relpersistence = 't')`;
const NAMED_RELATIONS = `relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I')`;

/** The text of the fourth changes when the column does: without defaults that ALTER TABLE stored for old rows. */
const COLUMN_ROW = `json_build_array(attrelid::pg_catalog.int8, attnum, quote_ident(attname),
  concat_ws(' ', atttypid, atttypmod, attnotnull, atthasdef, attidentity, attgenerated, attcollation), attisdropped)`;

function objects(where: (kind: Kind) => readonly string[]): string {
  const each = KINDS.flatMap((kind) =>
    where(kind).map(
      (
        which,
      ) => `SELECT ${kind.catalog} AS a, oid AS b, ${kind.columns}, xmin::pg_catalog.text || '.' || cmin::pg_catalog.text FROM pg_catalog.${kind.name}
    WHERE ${which}${kind.where === undefined ? '' : ` AND ${kind.where}`}`,
    ),
  );
  return `SELECT json_agg(json_build_array(a, b::pg_catalog.int8, c::pg_catalog.int8, d::pg_catalog.int8, e, f, g)) FROM (
  ${each.join('\n  UNION ALL ')}) AS o (a, b, c, d, e, f, g)`;
}

/** What was flushed to the shared statistics and what was not yet: their sum does not depend on when that happens. */
function counters(from: string): string {
  const sum = (name: string): string => `pg_stat_get_${name}(oid) + pg_stat_get_xact_${name}(oid)`;
  return `SELECT json_agg(json_build_array(oid::pg_catalog.int8, ${sum('numscans')}, ${sum('tuples_returned')},
  ${sum('tuples_inserted')} + ${sum('tuples_updated')} + ${sum('tuples_deleted')})) FROM ${from} AS t (oid)`;
}

/** Process, transaction and next transaction id. */
const SELF = `json_build_array(pg_backend_pid(),
  (SELECT virtualtransaction FROM mine WHERE locktype = 'virtualxid' LIMIT 1),
  pg_snapshot_xmax(pg_current_snapshot())::pg_catalog.text)`;
const MINE = `mine AS MATERIALIZED (SELECT locktype, relation, classid, objid, mode, virtualtransaction FROM pg_catalog.pg_locks
  WHERE pid = pg_backend_pid() AND granted)`;

/**
 * Everything that is there before the migration.
 *
 * @param tables names of the tables whose columns may change; undefined: all
 */
export function inventoryQuery(tables: readonly string[] | undefined): string {
  const named = tables?.map(literal).join(', ');
  const some = named === undefined ? '' : ` AND relname = ANY (ARRAY[${named}]::pg_catalog.text[])`;
  return `WITH ${MINE}
SELECT json_build_object(
'self', ${SELF},
'relations', (SELECT json_agg(${RELATION_ROW}) FROM pg_catalog.pg_class WHERE oid >= ${FIRST_OID} AND ${NAMED_RELATIONS}),
'indexes', (SELECT json_agg(json_build_array(indexrelid::pg_catalog.int8, indrelid::pg_catalog.int8)) FROM pg_catalog.pg_index WHERE indexrelid >= ${FIRST_OID}),
'schemas', (SELECT json_agg(json_build_array(oid::pg_catalog.int8, quote_ident(nspname))) FROM pg_catalog.pg_namespace),
'objects', (${objects(() => [`oid >= ${FIRST_OID}`])}),
'members', (${members('refobjid > 0')}),
'columns', (SELECT json_agg(${COLUMN_ROW}) FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid IN (
  SELECT oid FROM pg_catalog.pg_class WHERE oid >= ${FIRST_OID} AND relkind IN ('r', 'p', 'v', 'm', 'f')${some})),
'counters', (${counters(`(SELECT oid FROM pg_catalog.pg_class WHERE oid >= ${FIRST_OID} AND relkind IN ('r', 'm'))`)})
)::pg_catalog.text AS seen`;
}

/** What belongs to an extension comes and goes with it. */
function members(where: string): string {
  return `SELECT json_agg(json_build_array(classid::pg_catalog.int8, objid::pg_catalog.int8)) FROM pg_catalog.pg_depend
  WHERE refclassid = ${EXTENSIONS} AND ${where} AND deptype = 'e'`;
}

/** Read the same whatever standard_conforming_strings says. */
function literal(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

export interface LookAt {
  readonly nonce: string;
  /** The transaction of the statement is still open: its locks say what it may have touched, and nothing else is read. */
  readonly inside: boolean;
  /** Greatest oid of the relations that were there before the migration. */
  readonly before: number;
  /** Greatest oid known of each catalog. */
  readonly known: ReadonlyMap<number, number>;
  /** The next transaction id at the last look. */
  readonly since: number;
}

/** What is otherwise after a statement. */
export function lookQuery({ nonce, inside, before, known, since }: LookAt): string {
  const fresh = inside ? 'age(xmin) <= 0' : `age(xmin) <= age('${since}'::pg_catalog.xid)`;
  const all = `(SELECT oid FROM pg_catalog.pg_class WHERE oid >= ${FIRST_OID})`;
  const firm = inside ? '(SELECT relation FROM firm)' : all;
  const after = (catalog: number): string => `oid > ${known.get(catalog) ?? FIRST_OID - 1}`;
  const changed = ({ catalog }: Kind): string[] => {
    if (catalog === ROUTINES) return [`oid >= ${FIRST_OID} AND ${fresh}`];
    if (catalog !== CONSTRAINTS) return [after(catalog)];
    return [after(catalog), `conrelid IN ${firm} AND NOT ${after(catalog)} AND ${fresh}`];
  };
  const made = after(RELATIONS);
  return `WITH ${MINE},
held AS MATERIALIZED (SELECT DISTINCT relation, mode FROM mine WHERE locktype = 'relation' AND relation BETWEEN ${FIRST_OID} AND ${before}),
firm AS MATERIALIZED (SELECT DISTINCT relation FROM held WHERE mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock'))
SELECT json_build_object(
'nonce', ${literal(nonce)},
'self', ${SELF},
'locks', (SELECT json_agg(json_build_array(relation::pg_catalog.int8, mode)) FROM held),
'relations', (SELECT json_agg(r) FROM (
  SELECT ${RELATION_ROW} AS r FROM pg_catalog.pg_class WHERE ${made} AND ${NAMED_RELATIONS}
  UNION ALL SELECT ${RELATION_ROW} FROM pg_catalog.pg_class WHERE oid IN ${firm} AND NOT ${made} AND ${fresh} AND ${NAMED_RELATIONS}) o),
'indexes', (SELECT json_agg(json_build_array(indexrelid::pg_catalog.int8, indrelid::pg_catalog.int8)) FROM pg_catalog.pg_index WHERE ${made.replace('oid', 'indexrelid')}),
'objects', (${objects(changed)}),
'columns', (SELECT json_agg(${COLUMN_ROW}) FROM pg_catalog.pg_attribute WHERE attrelid IN ${firm} AND attnum > 0 AND ${fresh}),
'views', (SELECT json_agg(json_build_array(ev_class::pg_catalog.int8, xmin::pg_catalog.text || '.' || cmin::pg_catalog.text)) FROM pg_catalog.pg_rewrite
  WHERE ev_class IN ${firm} AND rulename = '_RETURN' AND ${fresh}),
'counters', (${counters(inside ? '(SELECT DISTINCT relation FROM held)' : `(SELECT oid FROM pg_catalog.pg_class WHERE oid BETWEEN ${FIRST_OID} AND ${before} AND relkind IN ('r', 'm'))`)}),
${inside ? `'unnamed', (${UNNAMED}), 'suspects', (${SUSPECTS})` : `'there', (${there()})`}
)::pg_catalog.text AS seen`;
}

/** A relation that was dropped stays locked until the transaction ends. */
const UNNAMED = `SELECT json_agg(relation::pg_catalog.int8) FROM mine WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = relation)`;

/** So does every other object, dependents included; but RENAME locks some as firmly. */
const SUSPECTS = `SELECT json_agg(json_build_array(classid::pg_catalog.int8, objid::pg_catalog.int8)) FROM mine
  WHERE locktype = 'object' AND mode = 'AccessExclusiveLock'`;

/** Without an open transaction there are no locks to go by: everything that is there. */
function there(): string {
  const each = [{ catalog: RELATIONS, name: 'pg_class' }, ...KINDS].map(
    ({ catalog, name }) =>
      `SELECT ${catalog}, (SELECT json_agg(oid::pg_catalog.int8) FROM pg_catalog.${name} WHERE oid >= ${FIRST_OID})`,
  );
  return `SELECT json_agg(json_build_array(a, b)) FROM (${each.join(' UNION ALL ')}) AS t (a, b)`;
}

/** Which of these objects are still there, and what belongs to these extensions. */
export function detailQuery(
  candidates: readonly (readonly [catalog: number, oid: number])[],
  extensions: readonly number[],
): string {
  const each = KINDS.flatMap(({ catalog, name }) => {
    const oids = candidates.filter(([of]) => of === catalog).map(([, oid]) => oid);
    return oids.length === 0
      ? []
      : [`SELECT ${catalog}, oid::pg_catalog.int8 FROM pg_catalog.${name} WHERE oid IN (${oids.join(', ')})`];
  });
  return `SELECT json_build_object(
'there', (${each.length === 0 ? 'NULL' : `SELECT json_agg(json_build_array(a, b)) FROM (${each.join(' UNION ALL ')}) AS t (a, b)`}),
'members', (${extensions.length === 0 ? 'NULL' : members(`refobjid IN (${extensions.join(', ')})`)})
)::pg_catalog.text AS seen`;
}
