import type { Node, RangeVar } from '@pgsql/types';
import type { Column, Constraint, LikeSource, Relation, StatementFacts } from '../../statement.ts';
import { column, tableConstraint } from '../columns.ts';
import { as, type Body, kept, objectName, options, relation, strings, type TreeContext } from '../tree.ts';

const PERSISTENCE = { p: 'permanent', t: 'temporary', u: 'unlogged' } as const;

export function persistence(range: RangeVar | undefined): 'permanent' | 'temporary' | 'unlogged' {
  const letter = range?.relpersistence;
  return letter === 't' || letter === 'u' ? PERSISTENCE[letter] : 'permanent';
}

export function createTable(tree: Body<'CreateStmt'>, context: TreeContext): StatementFacts {
  const columns: Column[] = [];
  const constraints: Constraint[] = [];
  const like: LikeSource[] = [];
  for (const node of tree.tableElts ?? []) {
    const definition = as('ColumnDef', node);
    if (definition) columns.push(column(definition, context));
    const rule = as('Constraint', node);
    const made = rule && tableConstraint(rule, context);
    if (made) constraints.push(made);
    const source = as('TableLikeClause', node);
    if (source)
      like.push({ ...relation(source.relation, context), including: including(source.options ?? 0) });
  }
  const parents = ranges(tree.inhRelations, context);
  return {
    kind: 'create-table',
    table: relation(tree.relation, context),
    ifNotExists: tree.if_not_exists === true,
    persistence: persistence(tree.relation),
    columns: kept(columns),
    constraints: kept(constraints),
    ...(tree.partspec ? { partitionBy: partitionBy(tree.partspec) } : {}),
    ...(tree.partbound ? { partitionOf: parents[0] } : {}),
    isDefaultPartition: tree.partbound?.is_default === true,
    inherits: tree.partbound ? [] : parents,
    like: kept(like),
    ...(tree.accessMethod === undefined ? {} : { accessMethod: tree.accessMethod }),
    ...(tree.ofTypename ? { ofType: objectName(strings(tree.ofTypename.names)) } : {}),
    options: options(tree.options),
  };
}

/** The bits of TableLikeOption (nodes/parsenodes.h), lowest first. */
const LIKE_OPTIONS = [
  'comments',
  'compression',
  'constraints',
  'defaults',
  'generated',
  'identity',
  'indexes',
  'statistics',
  'storage',
];

function including(bits: number): string[] {
  return LIKE_OPTIONS.filter((_, position) => (bits & (1 << position)) !== 0);
}

function partitionBy(spec: NonNullable<Body<'CreateStmt'>['partspec']>): {
  strategy: string;
  columns: string[];
} {
  const columns: string[] = [];
  for (const node of spec.partParams ?? []) {
    const name = as('PartitionElem', node)?.name;
    if (name !== undefined) columns.push(name);
  }
  return { strategy: (spec.strategy ?? '').replace('PARTITION_STRATEGY_', '').toLowerCase(), columns };
}

export function createForeignTable(
  tree: Body<'CreateForeignTableStmt'>,
  context: TreeContext,
): StatementFacts {
  return createTable(tree.base ?? ({} as Body<'CreateStmt'>), context);
}

export function createTableAs(tree: Body<'CreateTableAsStmt'>, context: TreeContext): StatementFacts {
  const target = relation(tree.into?.rel, context);
  const withData = tree.into?.skipData !== true;
  const ifNotExists = tree.if_not_exists === true;
  if (tree.objtype === 'OBJECT_MATVIEW')
    return { kind: 'create-materialized-view', view: target, withData, ifNotExists };
  return {
    kind: 'create-table-as',
    table: target,
    ifNotExists,
    persistence: persistence(tree.into?.rel),
    withData,
    ...(tree.into?.accessMethod === undefined ? {} : { accessMethod: tree.into.accessMethod }),
  };
}

export function createView(tree: Body<'ViewStmt'>, context: TreeContext): StatementFacts {
  return {
    kind: 'create-view',
    view: relation(tree.view, context),
    orReplace: tree.replace === true,
    persistence: tree.view?.relpersistence === 't' ? 'temporary' : 'permanent',
  };
}

export function ranges(nodes: readonly Node[] | undefined, context: TreeContext): Relation[] {
  const found: Relation[] = [];
  for (const node of nodes ?? []) {
    const range = as('RangeVar', node) ?? as('VacuumRelation', node)?.relation;
    if (range) found.push(relation(range, context));
  }
  return found;
}
