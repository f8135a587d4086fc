import type { ObjectName, Relation, Statement, StatementOf } from '../statement.ts';
import { applyAlterTable } from './apply-alter-table.ts';
import { addColumn, addConstraint, freeName } from './apply-columns.ts';
import type { CatalogTable } from './catalog.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** Applies one statement to the catalog, as the server would if it succeeds. */
export function applyStatement(catalog: SchemaCatalog, statement: Statement, migrationId: string): void {
  switch (statement.kind) {
    case 'create-table':
      createTable(catalog, statement, migrationId);
      break;
    case 'create-table-as':
      if (!(statement.ifNotExists && catalog.table(statement.table)))
        catalog.setTable({
          ...emptyTable(catalog, statement.table, 'table', migrationId, statement.persistence),
          complete: false,
          populated: statement.withData,
        });
      break;
    case 'create-view':
    case 'create-materialized-view':
      createView(catalog, statement, migrationId);
      break;
    case 'alter-table':
      applyAlterTable(catalog, statement, migrationId);
      break;
    case 'create-index':
      createIndex(catalog, statement, migrationId);
      break;
    case 'drop':
      drop(catalog, statement);
      break;
    case 'rename':
      rename(catalog, statement);
      break;
    case 'set-schema':
      setSchema(catalog, statement);
      break;
    case 'insert':
      if (statement.source === 'select') markPopulated(catalog, statement.table);
      break;
    case 'refresh-materialized-view':
      if (statement.withData) markPopulated(catalog, statement.view);
      break;
    case 'copy':
      if (statement.direction === 'from' && statement.table) markPopulated(catalog, statement.table);
      break;
    case 'do':
      for (const inner of statement.body.statements) applyStatement(catalog, inner, migrationId);
      if (statement.body.dynamic.length > 0 || statement.body.notAnalysed !== undefined)
        catalog.incomplete = true;
      break;
    default:
      applyOther(catalog, statement, migrationId);
  }
}

function applyOther(catalog: SchemaCatalog, statement: Statement, migrationId: string): void {
  switch (statement.kind) {
    case 'create-enum':
      catalog.setType({
        ...statement.type,
        key: catalog.key(statement.type),
        form: 'enum',
        labels: statement.labels.map((label) => ({ label, addedBy: migrationId })),
        constrained: false,
        addedBy: migrationId,
      });
      break;
    case 'create-type':
      catalog.setType({
        ...statement.type,
        key: catalog.key(statement.type),
        form: statement.form === 'composite' ? 'composite' : 'other',
        labels: [],
        constrained: false,
        addedBy: migrationId,
      });
      break;
    case 'create-domain':
      catalog.setType({
        ...statement.domain,
        key: catalog.key(statement.domain),
        form: 'domain',
        labels: [],
        base: statement.type,
        constrained: statement.constraints.length > 0,
        addedBy: migrationId,
      });
      break;
    case 'alter-domain': {
      const domain =
        statement.change === 'add-constraint' || statement.change === 'set-not-null'
          ? catalog.changeType(statement.domain)
          : undefined;
      if (domain) domain.constrained = true;
      break;
    }
    case 'alter-enum': {
      const type = catalog.changeType(statement.type);
      if (!type) break;
      if (statement.change === 'add-value')
        type.labels.push({ label: statement.value, addedBy: migrationId });
      else {
        const at = type.labels.findIndex(({ label }) => label === statement.value);
        if (at !== -1)
          type.labels[at] = {
            label: statement.newValue ?? '',
            addedBy: type.labels[at]?.addedBy ?? migrationId,
          };
      }
      break;
    }
    case 'create-function':
      catalog.setFunction(statement.routine, statement.volatility);
      break;
    case 'create-trigger':
      catalog.change(statement.table)?.triggers.add(statement.trigger);
      break;
    case 'create-policy':
      catalog.change(statement.table)?.policies.set(statement.policy, { command: statement.command });
      break;
    case 'create-sequence':
      catalog.setSequence(statement.sequence, {
        ...(statement.ownedBy === undefined ? {} : { ownedBy: statement.ownedBy }),
      });
      break;
    case 'create-schema':
      catalog.addSchema(statement.schema);
      break;
    case 'create-extension':
      catalog.addExtension(statement.extension);
      break;
    case 'create-publication':
      catalog.addPublication(statement.name);
      break;
    default:
  }
}

export function emptyTable(
  catalog: SchemaCatalog,
  name: ObjectName,
  kind: CatalogTable['kind'],
  addedBy: string,
  persistence: CatalogTable['persistence'] = 'permanent',
): CatalogTable {
  return {
    ...(name.schema === undefined ? {} : { schema: name.schema }),
    name: name.name,
    key: catalog.key(name),
    kind,
    columns: new Map(),
    complete: true,
    constraints: new Map(),
    indexes: new Set(),
    partitions: new Set(),
    persistence,
    rowSecurity: false,
    policies: new Map(),
    triggers: new Set(),
    reads: new Set(),
    addedBy,
    populated: false,
  };
}

function createTable(
  catalog: SchemaCatalog,
  statement: StatementOf<'create-table'>,
  migrationId: string,
): void {
  if (statement.ifNotExists && catalog.table(statement.table)) return;
  const parent = statement.partitionOf && catalog.change(statement.partitionOf);
  const kind =
    statement.node === 'CreateForeignTableStmt'
      ? 'foreign-table'
      : statement.partitionBy
        ? 'partitioned'
        : 'table';
  const made = emptyTable(catalog, statement.table, kind, migrationId, statement.persistence);
  const table: CatalogTable = statement.partitionOf
    ? { ...made, partitionOf: catalog.key(statement.partitionOf) }
    : made;
  catalog.setTable(table);
  if (parent) {
    parent.partitions.add(table.key);
    if (statement.isDefaultPartition) parent.defaultPartition = table.key;
    inheritColumns(table, parent);
  } else if (statement.partitionOf) table.complete = false;
  for (const relation of [...statement.inherits, ...statement.like]) {
    const source = catalog.table(relation);
    if (source) inheritColumns(table, source);
    else table.complete = false;
  }
  for (const column of statement.columns) addColumn(catalog, table, column, migrationId);
  for (const constraint of statement.constraints) addConstraint(catalog, table, constraint, migrationId);
}

function inheritColumns(table: CatalogTable, source: CatalogTable): void {
  for (const [name, column] of source.columns) table.columns.set(name, { ...column });
  if (!source.complete) table.complete = false;
}

function createView(
  catalog: SchemaCatalog,
  statement: StatementOf<'create-view'> | StatementOf<'create-materialized-view'>,
  migrationId: string,
): void {
  if (statement.kind === 'create-materialized-view' && statement.ifNotExists && catalog.table(statement.view))
    return;
  const kind = statement.kind === 'create-view' ? 'view' : 'materialized-view';
  const populated = statement.kind === 'create-view' || statement.withData;
  const view = { ...emptyTable(catalog, statement.view, kind, migrationId), complete: false, populated };
  for (const relation of statement.relations)
    if (catalog.key(relation) !== view.key) view.reads.add(catalog.key(relation));
  catalog.setTable(view);
}

function createIndex(
  catalog: SchemaCatalog,
  statement: StatementOf<'create-index'>,
  migrationId: string,
): void {
  const { schema } = statement.table;
  const base = `${statement.table.name}_${statement.columns.map(({ column }) => column ?? 'expr').join('_')}_idx`;
  const name =
    statement.index ??
    freeName(base, (candidate) => catalog.index({ schema, name: candidate }) !== undefined);
  if (statement.ifNotExists && catalog.index({ schema, name })) return;
  catalog.setIndex({
    name,
    schema,
    table: catalog.key(statement.table),
    columns: statement.columns,
    include: statement.include,
    unique: statement.unique,
    method: statement.method,
    partial: statement.where !== undefined,
    ...(statement.where ? { where: statement.where } : {}),
    addedBy: migrationId,
  });
}

function drop(catalog: SchemaCatalog, statement: StatementOf<'drop'>): void {
  for (const object of statement.objects) {
    switch (statement.objectType) {
      case 'table':
      case 'view':
      case 'materialized-view':
      case 'foreign-table':
        dropRelation(catalog, object, statement.cascade);
        break;
      case 'index':
        catalog.removeIndex(object);
        break;
      case 'type':
      case 'domain':
        catalog.removeType(object);
        break;
      case 'sequence':
        catalog.removeSequence(object);
        break;
      case 'schema':
        catalog.removeSchema(object.name);
        break;
      case 'function':
      case 'procedure':
      case 'routine':
        catalog.removeFunction(object);
        break;
      case 'trigger':
        if (statement.onTable) catalog.change(statement.onTable)?.triggers.delete(object.name);
        break;
      case 'policy':
        if (statement.onTable) catalog.change(statement.onTable)?.policies.delete(object.name);
        break;
      default:
    }
  }
}

function dropRelation(catalog: SchemaCatalog, name: ObjectName, cascade: boolean): void {
  if (cascade) {
    for (const constraint of catalog.referencing(name)) {
      const table = catalog.tableByKey(constraint.table);
      if (table) catalog.change(table)?.constraints.delete(constraint.name);
    }
    for (const view of catalog.dependentViews(name)) dropRelation(catalog, view, true);
  }
  catalog.removeTable(name);
}

function rename(catalog: SchemaCatalog, statement: StatementOf<'rename'>): void {
  const { relation, from, to, objectType } = statement;
  if (objectType === 'column' && relation) {
    const table = catalog.change(relation);
    const column = table?.columns.get(from);
    if (!table || !column) return;
    table.columns.delete(from);
    table.columns.set(to, { ...column, name: to });
    for (const [name, constraint] of table.constraints)
      table.constraints.set(name, {
        ...constraint,
        columns: constraint.columns.map((each) => (each === from ? to : each)),
      });
    for (const index of catalog.indexesOf(relation))
      catalog.setIndex({
        ...index,
        columns: index.columns.map((each) => (each.column === from ? { ...each, column: to } : each)),
      });
  } else if (objectType === 'constraint' && relation) {
    const table = catalog.change(relation);
    const constraint = table?.constraints.get(from);
    if (!table || !constraint) return;
    table.constraints.delete(from);
    table.constraints.set(to, { ...constraint, name: to });
  } else if (objectType === 'index') {
    const index = catalog.index({ schema: relation?.schema, name: from });
    if (!index) return;
    catalog.removeIndex(index);
    catalog.setIndex({ ...index, name: to });
  } else if (relation) moveTable(catalog, relation, { ...relation, name: to });
  else if (objectType === 'type' || objectType === 'domain') {
    const name = { schema: statement.schema, name: from };
    const type = catalog.type(name);
    if (!type) return;
    catalog.removeType(name);
    catalog.setType({ ...type, name: to, key: catalog.key({ schema: statement.schema, name: to }) });
  }
}

function setSchema(catalog: SchemaCatalog, statement: StatementOf<'set-schema'>): void {
  if (catalog.table(statement.object))
    moveTable(catalog, statement.object, { schema: statement.to, name: statement.object.name });
}

/** Gives a table a new name; what refers to it by key follows. */
function moveTable(catalog: SchemaCatalog, from: ObjectName, to: ObjectName): void {
  const table = catalog.table(from);
  if (!table) return;
  const indexes = catalog.indexesOf(from);
  const referencing = catalog.referencing(from);
  const views = catalog.dependentViews(from);
  const oldKey = table.key;
  const key = catalog.key(to);
  const constraints = new Map(
    [...table.constraints].map(([name, constraint]) => [name, { ...constraint, table: key }]),
  );
  for (const index of indexes) catalog.removeIndex(index);
  const { partitions } = table;
  catalog.removeTable({ ...from });
  for (const partition of partitions) catalog.tableByKey(partition);
  catalog.setTable({
    ...table,
    ...(to.schema === undefined ? {} : { schema: to.schema }),
    name: to.name,
    key,
    constraints,
    indexes: new Set(),
  });
  for (const index of indexes) catalog.setIndex({ ...index, schema: to.schema, table: key });
  for (const constraint of referencing) {
    const other = catalog.tableByKey(constraint.table);
    const own = other && catalog.change(other);
    if (own && constraint.references)
      own.constraints.set(constraint.name, {
        ...constraint,
        references: { ...constraint.references, relation: { ...constraint.references.relation, ...to } },
      });
  }
  for (const view of views) {
    const own = catalog.change(view);
    own?.reads.delete(oldKey);
    own?.reads.add(key);
  }
}

function markPopulated(catalog: SchemaCatalog, table: Relation): void {
  const own = catalog.change(table);
  if (own) own.populated = true;
}
