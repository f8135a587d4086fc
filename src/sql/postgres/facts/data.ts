import type { Node } from '@pgsql/types';
import type { StatementFacts } from '../../statement.ts';
import { constantTruth } from '../constant-truth.ts';
import { withoutCasts } from '../expression.ts';
import { as, type Body, kept, objectName, relation, strings, type TreeContext } from '../tree.ts';
import { createTableAs, ranges } from './tables.ts';

export function insert(tree: Body<'InsertStmt'>, context: TreeContext): StatementFacts {
  const select = as('SelectStmt', tree.selectStmt);
  const values = select?.valuesLists?.length;
  return {
    kind: 'insert',
    table: relation(tree.relation, context),
    columns: targets(tree.cols),
    source: select === undefined ? 'default' : values ? 'values' : 'select',
    ...(values ? { rows: values } : {}),
    onConflict: tree.onConflictClause !== undefined,
    assigned: targets(tree.onConflictClause?.targetList),
  };
}

export function update(tree: Body<'UpdateStmt'>, context: TreeContext): StatementFacts {
  return {
    kind: 'update',
    table: relation(tree.relation, context),
    assigned: targets(tree.targetList),
    where: where(tree.whereClause),
    from: (tree.fromClause?.length ?? 0) > 0,
  };
}

export function remove(tree: Body<'DeleteStmt'>, context: TreeContext): StatementFacts {
  return { kind: 'delete', table: relation(tree.relation, context), where: where(tree.whereClause) };
}

function targets(nodes: readonly Node[] | undefined): readonly string[] {
  const names: string[] = [];
  for (const node of nodes ?? []) {
    const name = as('ResTarget', node)?.name;
    if (name !== undefined) names.push(name);
  }
  return kept(names);
}

/** `WHERE true`, `WHERE 1 = 1` and the like select every row. */
function where(node: Node | undefined): 'missing' | 'always-true' | 'present' {
  if (node === undefined) return 'missing';
  return constantTruth(node) === true ? 'always-true' : 'present';
}

export function truncate(tree: Body<'TruncateStmt'>, context: TreeContext): StatementFacts {
  return {
    kind: 'truncate',
    tables: ranges(tree.relations, context),
    cascade: tree.behavior === 'DROP_CASCADE',
    restartIdentity: tree.restart_seqs === true,
  };
}

export function select(tree: Body<'SelectStmt'>, context: TreeContext): StatementFacts {
  if (tree.intoClause) return createTableAs({ into: tree.intoClause, objtype: 'OBJECT_TABLE' }, context);
  const setting = setConfig(tree);
  if (setting) return setting;
  return {
    kind: 'select',
    locking: arms(tree).some(({ lockingClause }) => (lockingClause?.length ?? 0) > 0),
    from: arms(tree).some(({ fromClause }) => (fromClause?.length ?? 0) > 0),
  };
}

/** The query, or those that UNION, INTERSECT and EXCEPT put together. */
function arms(tree: Body<'SelectStmt'>): Body<'SelectStmt'>[] {
  return [tree, ...[tree.larg, tree.rarg].flatMap((arm) => (arm ? arms(arm) : []))];
}

/** `SELECT set_config('name', 'value', is_local)` is SET by another name (functions-admin of the documentation). */
function setConfig(tree: Body<'SelectStmt'>): StatementFacts | undefined {
  const [target, ...more] = tree.targetList ?? [];
  const call = as('FuncCall', as('ResTarget', target)?.val);
  if (more.length > 0 || tree.fromClause || tree.whereClause || !call) return undefined;
  const { schema, name } = objectName(strings(call.funcname));
  if (name !== 'set_config' || (schema ?? 'pg_catalog') !== 'pg_catalog') return undefined;
  const [setting, value, local] = (call.args ?? []).map((node) => as('A_Const', withoutCasts(node)));
  if (!setting?.sval || !value?.sval || !local?.boolval) return undefined;
  return {
    kind: 'set',
    name: (setting.sval.sval ?? '').toLowerCase(),
    value: value.sval.sval ?? '',
    local: local.boolval.boolval === true,
    reset: false,
  };
}

export function copy(tree: Body<'CopyStmt'>, context: TreeContext): StatementFacts {
  const program = tree.is_program === true;
  return {
    kind: 'copy',
    ...(tree.relation ? { table: relation(tree.relation, context) } : {}),
    direction: tree.is_from ? 'from' : 'to',
    program,
    target: program ? 'program' : tree.filename === undefined ? 'stdin' : 'file',
  };
}
