import type { CatalogConstraint, CatalogTable, Inheritance } from '../../../src/sql/catalog/catalog.ts';
import type { SchemaCatalog } from '../../../src/sql/catalog/schema-catalog.ts';
import type { TypeName } from '../../../src/sql/statement.ts';
import type { Facts } from './server-facts.ts';

/** The same lines from the catalog. */
export function catalogFacts(catalog: SchemaCatalog): Facts {
  const facts: Facts = new Map();
  const put = (what: string, ...parts: (string | false | undefined)[]): void => {
    facts.set(what, parts.filter((part) => part !== false && part !== undefined && part !== '').join(' '));
  };
  for (const table of catalog.tables()) {
    const isView = table.kind === 'view' || table.kind === 'materialized-view';
    putTable(catalog, table, isView, put);
    if (!isView) putColumns(table, put);
    if (isView) {
      const reads = [...table.reads].filter((key) => !/^(?:pg_catalog|information_schema)\./.test(key));
      put(`reads ${table.key}`, reads.sort().join(','));
    }
    for (const constraint of table.constraints.values()) putConstraint(catalog, table, constraint, put);
    for (const index of catalog.indexesOf(table)) {
      const columns = index.columns.map(({ column }) => column ?? 'expr').join(',');
      put(
        `index ${index.key}`,
        `on ${index.table} ${index.method} (${columns})`,
        index.include.length > 0 && `include (${index.include.join(',')})`,
        index.unique && 'unique',
        index.partial && 'partial',
        index.nullsNotDistinct && 'nulls not distinct',
        index.constraint !== undefined && `for ${index.constraint}`,
        index.partitionOf !== undefined && `part of ${index.partitionOf}`,
      );
    }
    for (const trigger of table.triggers) put(`trigger ${table.key}.${trigger}`);
    for (const [policy, { command }] of table.policies) put(`policy ${table.key}.${policy}`, command);
  }
  for (const type of catalog.types())
    put(
      `type ${type.key}`,
      type.form,
      type.form === 'enum' && type.labels.map(({ label }) => label).join(','),
      type.base && shown(type.base),
    );
  for (const [key, { ownedBy }] of catalog.sequences())
    put(`sequence ${key}`, ownedBy === undefined ? 'free' : `of ${ownedBy}`);
  for (const extension of catalog.extensions()) put(`extension ${extension}`);
  for (const publication of catalog.publications()) put(`publication ${publication}`);
  return facts;
}

type Put = (what: string, ...parts: (string | false | undefined)[]) => void;

function putTable(catalog: SchemaCatalog, table: CatalogTable, isView: boolean, put: Put): void {
  const parent = table.partitionOf === undefined ? undefined : catalog.tableByKey(table.partitionOf);
  const identity = table.replicaIdentity;
  put(
    `table ${table.key}`,
    table.kind,
    !isView && table.persistence,
    table.partitionOf !== undefined && `part of ${table.partitionOf}`,
    parent?.defaultPartition === table.key && 'default',
    table.parents.size > 0 && `inherits ${[...table.parents].sort().join(',')}`,
    table.rowSecurity && 'rls',
    identity !== undefined &&
      identity !== 'default' &&
      `replica ${identity === 'full' || identity === 'nothing' ? identity : 'index'}`,
  );
}

function putColumns(table: CatalogTable, put: Put): void {
  // A column of CREATE TABLE … OF has a type that is not known.
  for (const column of table.columns.values())
    if (column.type)
      put(
        `column ${table.key}.${column.name}`,
        shown(column.type).replaceAll('"', ''),
        column.notNull && 'NOT NULL',
        column.default !== undefined && !column.default.isNull && 'default',
        column.identity && `identity ${column.identity}`,
        column.generated?.kind,
        inherited(column.inheritance),
      );
}

function putConstraint(
  catalog: SchemaCatalog,
  table: CatalogTable,
  constraint: CatalogConstraint,
  put: Put,
): void {
  const { references, onDelete } = constraint;
  const columns = constraint.type === 'check' ? [...constraint.columns].sort() : constraint.columns;
  put(
    `constraint ${table.key}.${constraint.name}`,
    constraint.type,
    `(${columns.join(',')})`,
    !constraint.validated && 'NOT VALID',
    !constraint.enforced && 'NOT ENFORCED',
    constraint.deferrable && 'deferrable',
    references && `references ${catalog.key(references.relation)}(${references.columns.join(',')})`,
    onDelete !== 'no-action' && onDelete,
    (constraint.type === 'check' || constraint.type === 'not-null') && inherited(constraint.inheritance),
    constraint.noInherit && 'no inherit',
  );
}

function inherited(inheritance: Inheritance | undefined): string | undefined {
  if (!inheritance || inheritance.parents === 0) return undefined;
  return `inherited ${inheritance.parents}${inheritance.local ? ' local' : ''}`;
}

const LONG_NAMES: Readonly<Record<string, string>> = {
  varchar: 'character varying',
  char: 'character',
  timestamp: 'timestamp# without time zone',
  timestamptz: 'timestamp# with time zone',
  time: 'time# without time zone',
  timetz: 'time# with time zone',
  varbit: 'bit varying',
};

/** As format_type writes it. */
function shown(type: TypeName): string {
  const schema = type.schema === undefined || type.schema === 'public' ? '' : `${type.schema}.`;
  const [first, ...rest] = type.modifiers;
  const given =
    type.name === 'numeric' && first !== undefined && rest.length === 0 ? [first, 0] : type.modifiers;
  const modifiers = given.length === 0 ? '' : `(${given.join(',')})`;
  const name = type.name === 'char' && given.length === 0 ? 'bpchar' : (LONG_NAMES[type.name] ?? type.name);
  const full = name.includes('#') ? name.replace('#', modifiers) : `${name}${modifiers}`;
  return `${schema}${full}${type.array ? '[]' : ''}`;
}
