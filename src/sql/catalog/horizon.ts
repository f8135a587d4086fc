import { builtinVolatility } from '../postgres/builtin-functions.ts';
import type { AlterTableAction, ObjectName, Relation, Statement } from '../statement.ts';
import type { Catalog } from './catalog.ts';
import { ForkMap } from './fork-map.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/**
 * How far the migrations see: whether what they do not know can still be there. A schema in which a statement works
 * with something that no migration made was not made by the migrations alone.
 */
export class Horizon {
  /** The first migration that used what none had made, and how often, by schema; `*` stands for all schemas. */
  readonly #outside: ForkMap<string, { readonly by: string; readonly times: number }>;
  /** Keys of what was dropped or renamed. */
  readonly #gone: ForkMap<string, true>;
  /** Keys of what a routine may or may not have made, changed or dropped. */
  readonly #uncertain: ForkMap<string, true>;
  /** Keys of tables made with IF NOT EXISTS. */
  readonly #guarded: ForkMap<string, true>;
  /** Names of all that any migration makes, later ones included: those come too late, which is another matter. */
  made: ReadonlySet<string>;

  constructor(from?: Horizon) {
    this.#outside = from ? from.#outside.fork() : new ForkMap();
    this.#gone = from ? from.#gone.fork() : new ForkMap();
    this.#uncertain = from ? from.#uncertain.fork() : new ForkMap();
    this.#guarded = from ? from.#guarded.fork() : new ForkMap();
    this.made = from ? from.made : new Set();
  }

  /** What a migration itself uses without anybody having made it says nothing about the schema it runs in. */
  isWhole(schema: string, migrationId: string): boolean {
    const first = this.#outside.get('*') ?? this.#outside.get(schema);
    return first === undefined || (first.by === migrationId && first.times < MANY);
  }

  isGone(key: string): boolean {
    return this.#gone.has(key);
  }

  isCertain(key: string): boolean {
    return !this.#uncertain.has(key);
  }

  isGuarded(key: string): boolean {
    return this.#guarded.has(key);
  }

  outside(schema: string, migrationId: string): void {
    const { by, times } = this.#outside.get(schema) ?? { by: migrationId, times: 0 };
    if (by === migrationId && times < MANY) this.#outside.set(schema, { by, times: times + 1 });
  }

  gone(key: string): void {
    this.#gone.set(key, true);
  }

  uncertain(key: string): void {
    this.#uncertain.set(key, true);
  }

  guarded(key: string): void {
    this.#guarded.set(key, true);
  }
}

/**
 * Why a relation cannot be there when the migration runs: an earlier statement took it away, or none made it and all
 * that is in its schema was made here. Undefined: it is there, or may be.
 */
export function whyMissing(
  catalog: Catalog,
  name: ObjectName,
  migrationId: string,
): 'gone' | 'never-made' | undefined {
  const key = catalog.key(name);
  const { horizon } = catalog;
  if (catalog.incomplete || catalog.hasRelation(key) || !horizon.isCertain(key)) return undefined;
  if (horizon.isGone(key)) return 'gone';
  if (horizon.made.has(name.name)) return undefined;
  return horizon.isWhole(schemaOf(key, name), migrationId) ? 'never-made' : undefined;
}

/** Nothing conditional made or changed the relation, and its columns are those that are known. */
export function isBeyondDoubt(catalog: Catalog, name: ObjectName, migrationId: string): boolean {
  const key = catalog.key(name);
  const { horizon } = catalog;
  if (catalog.incomplete || !horizon.isCertain(key)) return false;
  // One that IF NOT EXISTS found there may have other columns.
  return !horizon.isGuarded(key) || horizon.isWhole(schemaOf(key, name), migrationId);
}

function schemaOf(key: string, { name }: ObjectName): string {
  return key.slice(0, -name.length - 1);
}

/** Nobody mistypes so many names in one migration: then the schema is larger than its migrations. */
const MANY = 5;

/** What a statement tells of the schema it runs in; before it is applied. */
export function noteHorizon(catalog: SchemaCatalog, statement: Statement, migrationId: string): void {
  const { horizon } = catalog;
  switch (statement.kind) {
    case 'do':
      for (const inner of statement.body.statements) unsettle(catalog, inner);
      return;
    case 'create-extension':
      if (!WITHOUT_TABLES.has(statement.extension)) horizon.outside('*', migrationId);
      return;
    case 'select':
    case 'call': {
      const called = statement.kind === 'call' ? [statement.procedure] : statement.functions;
      if (called.some((name) => !isKnown(name, catalog))) horizon.outside('*', migrationId);
      break;
    }
    case 'other':
      if (statement.node === 'ImportForeignSchemaStmt') horizon.outside('*', migrationId);
      break;
    case 'create-table':
      if (statement.ifNotExists) horizon.guarded(catalog.key(statement.table));
      break;
    case 'create-index':
      // It goes when its table does, and when that is nobody sees.
      if (statement.index !== undefined && !catalog.hasRelation(catalog.key(statement.table)))
        horizon.uncertain(catalog.key({ schema: statement.table.schema, name: statement.index }));
      break;
    case 'drop':
      if (statement.objectType === 'table')
        for (const table of statement.objects) noteGone(catalog, catalog.key(table));
      break;
    case 'rename':
      if (statement.objectType === 'table' && statement.relation)
        noteGone(catalog, catalog.key(statement.relation));
      break;
    case 'set-schema':
      noteGone(catalog, catalog.key(statement.object));
      break;
    default:
  }
  // A body that a call runs may have run another way.
  if (catalog.routines.waiting) unsettle(catalog, statement);
  if (statement.relations.length > 0) noteOutside(catalog, statement, migrationId);
  if (statement.kind === 'alter-table') noteColumns(catalog, statement.table, statement.actions);
}

function noteGone(catalog: SchemaCatalog, key: string): void {
  if (catalog.hasRelation(key)) catalog.horizon.gone(key);
}

function noteOutside(catalog: SchemaCatalog, statement: Statement, migrationId: string): void {
  if ('ifExists' in statement && statement.ifExists) return;
  const own = ownName(statement);
  for (const relation of statement.relations) {
    if (relation.name === own?.name && statement.kind !== 'rename') continue;
    const key = catalog.key(relation);
    if (catalog.hasRelation(key) || isSystems(relation)) continue;
    catalog.horizon.outside(schemaOf(key, relation), migrationId);
  }
}

/** Names of the relations that statements make or rename something to, those inside DO blocks included. */
export function namesMade(statements: readonly Statement[], names: Set<string>): void {
  for (const statement of statements) {
    const own = ownName(statement);
    if (own) names.add(own.name);
    if (statement.kind === 'do') namesMade(statement.body.statements, names);
  }
}

/** What the statement itself makes. */
function ownName(statement: Statement): ObjectName | undefined {
  switch (statement.kind) {
    case 'rename':
      return { name: statement.to };
    case 'create-table':
    case 'create-table-as':
      return statement.table;
    case 'create-view':
    case 'create-materialized-view':
      return statement.view;
    case 'create-sequence':
      return statement.sequence;
    default:
      return undefined;
  }
}

/** A table that has a column which nobody made has others, too. */
function noteColumns(catalog: SchemaCatalog, name: Relation, actions: readonly AlterTableAction[]): void {
  const table = catalog.table(name);
  if (!table?.complete) return;
  for (const action of actions) {
    if (!('column' in action) || typeof action.column !== 'string' || table.columns.has(action.column))
      continue;
    const { column } = action;
    if ('ifExists' in action && action.ifExists) continue;
    if (actions.some((other) => other.action === 'add-column' && other.column.name === column)) continue;
    const changed = catalog.change(name);
    if (changed) changed.complete = false;
    return;
  }
}

/** A statement of a body stands behind conditions and handlers: it may have run or not. */
function unsettle(catalog: SchemaCatalog, statement: Statement): void {
  for (const relation of statement.relations) catalog.horizon.uncertain(catalog.key(relation));
  if (statement.kind === 'create-index' && statement.index !== undefined)
    catalog.horizon.uncertain(catalog.key({ schema: statement.table.schema, name: statement.index }));
  if (statement.kind === 'rename' && statement.relation)
    catalog.horizon.uncertain(catalog.key({ schema: statement.relation.schema, name: statement.to }));
}

function isSystems({ schema, name }: ObjectName): boolean {
  return schema === 'information_schema' || (schema ?? name).startsWith('pg_');
}

function isKnown(name: ObjectName, catalog: SchemaCatalog): boolean {
  return builtinVolatility(name.name) !== 'unknown' || catalog.hasFunction(name);
}

/** Extensions whose scripts make no table, and whose functions make none either. */
const WITHOUT_TABLES: ReadonlySet<string> = new Set(
  `plpgsql uuid-ossp pgcrypto citext hstore ltree intarray isn cube earthdistance seg vector pg_trgm btree_gin btree_gist unaccent
  fuzzystrmatch tablefunc bloom dict_int dict_xsyn lo pg_stat_statements pg_buffercache pg_prewarm pg_freespacemap pg_visibility
  pg_walinspect pgrowlocks pgstattuple pageinspect amcheck autoinc insert_username moddatetime refint sslinfo tcn tsm_system_rows
  tsm_system_time rum pgjwt http`.split(/\s+/),
);
