import type { Expression, IndexColumn, StatementOf } from '../statement.ts';
import type { CatalogConstraint, CatalogTable } from './catalog.ts';
import { childrenOf } from './children.ts';
import { moveIndex, moveRelation, moveSchema, moveType } from './move.ts';
import { addKey, setPolicy } from './new-table.ts';
import type { SchemaCatalog } from './schema-catalog.ts';

/** ALTER … RENAME TO, of whatever kind. */
export function rename(catalog: SchemaCatalog, statement: StatementOf<'rename'>): void {
  const { relation, from, to, objectType, schema } = statement;
  const table = relation && catalog.change(relation);
  switch (objectType) {
    case 'column':
      if (table) renameColumn(catalog, table, from, to);
      break;
    case 'constraint':
      if (table) renameConstraint(catalog, table, from, to);
      break;
    case 'trigger':
      if (table?.triggers.delete(from)) addKey(table, 'triggers', to);
      break;
    case 'policy': {
      const policy = table?.policies.get(from);
      if (!table || !policy) break;
      setPolicy(table, from, undefined);
      setPolicy(table, to, policy);
      break;
    }
    // ALTER TABLE and ALTER INDEX take each other's names, and those of views and sequences.
    case 'table':
    case 'view':
    case 'materialized-view':
    case 'foreign-table':
    case 'sequence':
    case 'index':
      if (relation) renameRelation(catalog, catalog.key(relation), to);
      break;
    case 'type':
    case 'domain':
      moveType(catalog, catalog.typeKey({ schema, name: from }), { name: to });
      break;
    case 'schema':
      moveSchema(catalog, from, to);
      break;
    case 'publication':
      catalog.removePublication(from);
      catalog.addPublication(to);
      break;
    case 'function':
    case 'procedure':
    case 'routine':
      catalog.routines.move({ schema, name: from }, { name: to });
      break;
    default:
  }
}

function renameRelation(catalog: SchemaCatalog, key: string, to: string): void {
  const index = catalog.indexByKey(key);
  if (!index) moveRelation(catalog, key, { name: to });
  else {
    const table = catalog.changeByKey(index.table);
    if (table && index.constraint !== undefined) renameConstraint(catalog, table, index.constraint, to);
    else moveIndex(catalog, key, { name: to });
  }
}

/** The name of a constraint, and of the index behind it; a CHECK and NOT NULL have one name in all children. */
function renameConstraint(catalog: SchemaCatalog, table: CatalogTable, from: string, to: string): void {
  const constraint = table.constraints.get(from);
  if (!constraint) return;
  catalog.removeConstraint(table, from);
  catalog.setConstraint(table, { ...constraint, name: to });
  for (const index of catalog.indexesOf(table))
    if (index.constraint === from) {
      catalog.setIndex({ ...index, constraint: to });
      moveIndex(catalog, index.key, { name: to });
    }
  for (const key of childrenOf(table)) {
    const child = catalog.changeByKey(key);
    const same = child?.constraints.get(from);
    if (child && same?.inheritance && (same.type === 'check' || same.type === 'not-null'))
      renameConstraint(catalog, child, from, to);
    if (!child || constraint.type !== 'foreign-key') continue;
    for (const own of [...child.constraints.values()])
      if (own.parentConstraint === from) child.constraints.set(own.name, { ...own, parentConstraint: to });
  }
}

/** A column's name, wherever the catalog has it. */
function renameColumn(catalog: SchemaCatalog, table: CatalogTable, from: string, to: string): void {
  const column = table.columns.get(from);
  const known = [...table.columns];
  table.columns.clear();
  // In its old place: the order of the columns stays.
  for (const [name, each] of known)
    if (name === from) table.columns.set(to, { ...each, name: to });
    else
      table.columns.set(name, {
        ...each,
        generated: each.generated && renamedGenerated(each.generated, from, to),
      });
  const swap = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name));
  for (const constraint of [...table.constraints.values()])
    table.constraints.set(constraint.name, renamedIn(constraint, from, to));
  for (const index of catalog.indexesOf(table))
    catalog.setIndex({
      ...index,
      columns: index.columns.map((each) => renamedElement(each, from, to)),
      include: swap(index.include),
      ...(index.where ? { where: renamedExpression(index.where, from, to) } : {}),
    });
  for (const constraint of [...catalog.referencing(table), ...table.constraints.values()]) {
    const { references } = constraint;
    if (!references || catalog.key(references.relation) !== table.key) continue;
    const owner = catalog.changeByKey(constraint.table);
    owner?.constraints.set(constraint.name, {
      ...constraint,
      references: { ...references, columns: swap(references.columns) },
    });
  }
  for (const [key, sequence] of [...catalog.sequences()])
    if (sequence.ownedBy === `${table.key}.${from}`)
      catalog.setSequence(key, { ...sequence, ownedBy: `${table.key}.${to}` });
  if (!column) return;
  for (const key of childrenOf(table)) {
    const child = catalog.changeByKey(key);
    if (child?.columns.get(from)?.inheritance) renameColumn(catalog, child, from, to);
  }
}

function renamedIn(constraint: CatalogConstraint, from: string, to: string): CatalogConstraint {
  const swap = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name));
  return {
    ...constraint,
    columns: swap(constraint.columns),
    impliesNotNull: swap(constraint.impliesNotNull),
    ...(constraint.include ? { include: swap(constraint.include) } : {}),
    ...(constraint.elements
      ? { elements: constraint.elements.map((each) => renamedElement(each, from, to)) }
      : {}),
    ...(constraint.expression ? { expression: renamedExpression(constraint.expression, from, to) } : {}),
  };
}

function renamedElement(element: IndexColumn, from: string, to: string): IndexColumn {
  if (element.column === from) return { ...element, column: to };
  return element.expression
    ? { ...element, expression: renamedExpression(element.expression, from, to) }
    : element;
}

function renamedExpression(expression: Expression, from: string, to: string): Expression {
  return { ...expression, columns: expression.columns.map((name) => (name === from ? to : name)) };
}

function renamedGenerated<T extends { readonly expression: Expression }>(
  generated: T,
  from: string,
  to: string,
): T {
  return { ...generated, expression: renamedExpression(generated.expression, from, to) };
}

/** ALTER … SET SCHEMA. */
export function setSchema(catalog: SchemaCatalog, statement: StatementOf<'set-schema'>): void {
  const { object, objectType, to } = statement;
  if (objectType === 'type' || objectType === 'domain')
    moveType(catalog, catalog.typeKey(object), { schema: to });
  else if (objectType === 'function' || objectType === 'procedure' || objectType === 'routine')
    catalog.routines.move(object, { schema: to });
  else if (objectType !== 'extension') moveRelation(catalog, catalog.key(object), { schema: to });
}
