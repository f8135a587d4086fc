import type { Catalog, CatalogIndex } from '../../sql/catalog/catalog.ts';
import type { TypeName } from '../../sql/statement.ts';

/**
 * What ALTER COLUMN TYPE does to the rows (sql-altertable, "Notes"). Every line of the tables below was
 * measured by comparing pg_relation_filenode before and after; test/rules/type-change.test.ts repeats it.
 *
 * - kept: neither rows nor plain indexes are touched;
 * - indexes: the rows stay, the indexes on the column are built anew;
 * - time-zone: as `indexes` where the session's TimeZone is UTC, else the table is rewritten;
 * - rewrite: the table and all its indexes are written anew;
 * - unknown: the old type is not known, or a type is somebody's own.
 */
export type TypeChange = 'kept' | 'indexes' | 'time-zone' | 'rewrite' | 'unknown';

const BUILT_IN: ReadonlySet<string> = new Set([
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'real',
  'double precision',
  'money',
  'text',
  'varchar',
  'char',
  'name',
  'bytea',
  'boolean',
  'uuid',
  'json',
  'jsonb',
  'xml',
  'date',
  'time',
  'timetz',
  'timestamp',
  'timestamptz',
  'interval',
  'inet',
  'cidr',
  'macaddr',
  'macaddr8',
  'bit',
  'varbit',
  'oid',
  'tsvector',
  'tsquery',
  'point',
  'line',
  'lseg',
  'box',
  'path',
  'polygon',
  'circle',
  'int4range',
  'int8range',
  'numrange',
  'tsrange',
  'tstzrange',
  'daterange',
  'pg_lsn',
  'citext',
  'hstore',
  'regclass',
  'regtype',
  'regproc',
  'regprocedure',
  'regrole',
  'regnamespace',
]);

/** Types between which nothing is converted. A limit on the new type (varchar(20)) makes it a rewrite all the same. */
const SAME_BYTES: Readonly<Record<string, TypeChange>> = {
  'varchar>text': 'kept',
  'text>varchar': 'kept',
  'cidr>inet': 'kept',
  'xml>text': 'kept',
  'xml>varchar': 'kept',
  'oid>regclass': 'kept',
  'regclass>oid': 'kept',
  'text>citext': 'indexes',
  'varchar>citext': 'indexes',
  'citext>text': 'indexes',
  'citext>varchar': 'indexes',
  'integer>oid': 'indexes',
  'oid>integer': 'indexes',
  'bit>varbit': 'indexes',
  'timestamp>timestamptz': 'time-zone',
  'timestamptz>timestamp': 'time-zone',
};

/** New types to which some other type changes for free: with an unknown old type nothing can be said. */
const SOMETIMES_FREE: ReadonlySet<string> = new Set([
  'text',
  'varchar',
  'citext',
  'numeric',
  'timestamp',
  'timestamptz',
  'time',
  'timetz',
  'interval',
  'inet',
  'varbit',
  'oid',
  'regclass',
]);

export function typeChange(from: TypeName | undefined, to: TypeName, catalog: Catalog): TypeChange {
  if (!from) return isBuiltIn(to) && !SOMETIMES_FREE.has(to.name) ? 'rewrite' : 'unknown';
  if (sameType(from, to)) return isBuiltIn(to) || to.array || catalog.type(to) ? 'kept' : 'unknown';
  const target = withoutDomains(to, catalog);
  if (target.constrained) return 'rewrite';
  return plainChange(withoutDomains(from, catalog).type, target.type, catalog);
}

function plainChange(from: TypeName, to: TypeName, catalog: Catalog): TypeChange {
  if (sameType(from, to)) return 'kept';
  if (from.array || to.array) return 'rewrite';
  if (!isBuiltIn(from) || !isBuiltIn(to))
    return isKnown(from, catalog) && isKnown(to, catalog) ? 'rewrite' : 'unknown';
  if (from.name === to.name) return holdsAll(from, to) ? 'kept' : 'rewrite';
  const change = SAME_BYTES[`${from.name}>${to.name}`];
  if (change === undefined) return 'rewrite';
  const unlimited =
    to.modifiers.length === 0 || (change === 'time-zone' && (to.modifiers[0] ?? 0) >= MAX_PRECISION);
  return unlimited ? change : 'rewrite';
}

/** Microseconds: timestamp and timestamp(6) are the same. */
const MAX_PRECISION = 6;

/** Whether every value of the old type is one of the new type, which differs in its modifiers only. */
function holdsAll(from: TypeName, to: TypeName): boolean {
  const [old, oldScale = 0] = from.modifiers;
  const [limit, scale = 0] = to.modifiers;
  switch (to.name) {
    case 'varchar':
    case 'varbit':
      return limit === undefined || (old !== undefined && limit >= old);
    case 'numeric':
      return limit === undefined || (old !== undefined && limit >= old && scale === oldScale);
    case 'timestamp':
    case 'timestamptz':
    case 'time':
    case 'timetz':
      return limit === undefined || limit >= MAX_PRECISION || (old !== undefined && limit >= old);
    case 'interval': {
      // (range of fields, precision) as the grammar gives it.
      const [, precision = MAX_PRECISION] = to.modifiers;
      const [, oldPrecision = MAX_PRECISION] = from.modifiers;
      return limit === undefined || (limit === old && precision >= oldPrecision);
    }
    default:
      return false;
  }
}

export function sameType(one: TypeName, other: TypeName): boolean {
  return (
    one.name === other.name &&
    one.schema === other.schema &&
    one.array === other.array &&
    one.modifiers.length === other.modifiers.length &&
    one.modifiers.every((modifier, position) => modifier === other.modifiers[position])
  );
}

export function isBuiltIn(type: TypeName): boolean {
  return type.schema === undefined && !type.array && BUILT_IN.has(type.name);
}

function isKnown(type: TypeName, catalog: Catalog): boolean {
  return isBuiltIn(type) || catalog.type(type) !== undefined;
}

/** The type that a domain stands on, and whether a constraint has to be checked on the way to it. */
export function withoutDomains(
  written: TypeName,
  catalog: Catalog,
): { readonly type: TypeName; readonly constrained: boolean } {
  let type = written;
  let constrained = false;
  for (let depth = 0; !type.array && depth < 8; depth++) {
    const known = catalog.type(type);
    if (known?.form !== 'domain' || !known.base) break;
    constrained ||= known.constrained;
    type = known.base;
  }
  return { type, constrained };
}

/** Indexes that are built anew although the rows stay: on expressions and with conditions always, plain ones when the comparison changes. */
export function rebuiltIndexes(
  indexes: readonly CatalogIndex[],
  column: string,
  plainToo: boolean,
): CatalogIndex[] {
  return indexes.filter((index) => {
    const inKey = index.columns.some((each) => each.column === column);
    const inExpression = index.columns.some((each) => each.expression?.columns.includes(column));
    const inCondition = index.where?.columns.includes(column) === true;
    return inExpression || inCondition || (inKey && (plainToo || index.partial));
  });
}

/** "varchar(50)", "numeric(10,2)", "text[]". */
export function written(type: TypeName): string {
  const name = type.schema === undefined ? type.name : `${type.schema}.${type.name}`;
  const modifiers =
    type.modifiers.length === 0 || type.name === 'interval' ? '' : `(${type.modifiers.join(',')})`;
  return `${name}${modifiers}${type.array ? '[]' : ''}`;
}
