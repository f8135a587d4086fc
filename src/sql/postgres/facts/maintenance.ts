import type { LockMode, Relation, StatementFacts } from '../../statement.ts';
import { type Body, options, relation, setting, type TreeContext } from '../tree.ts';
import { ranges } from './tables.ts';

/** Lock levels by their number in the tree (storage/lockdefs.h; explicit-locking of the documentation). */
const MODES: readonly LockMode[] = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
];

const isOn = (value: string | undefined): boolean =>
  value !== undefined && !['false', 'off', '0'].includes(value.toLowerCase());

export function lock(tree: Body<'LockStmt'>, context: TreeContext): StatementFacts {
  return {
    kind: 'lock-table',
    tables: ranges(tree.relations, context),
    mode: MODES[(tree.mode ?? 8) - 1] ?? 'ACCESS EXCLUSIVE',
  };
}

export function vacuum(tree: Body<'VacuumStmt'>, context: TreeContext): StatementFacts {
  const tables = ranges(tree.rels, context);
  if (!tree.is_vacuumcmd) return { kind: 'analyze', tables };
  const given = options(tree.options);
  return { kind: 'vacuum', full: isOn(given['full']), analyze: isOn(given['analyze']), tables };
}

export function cluster(tree: Body<'ClusterStmt'>, context: TreeContext): StatementFacts {
  return {
    kind: 'cluster',
    ...(tree.relation ? { table: relation(tree.relation, context) } : {}),
    ...(tree.indexname === undefined ? {} : { index: tree.indexname }),
  };
}

const REINDEX = {
  REINDEX_OBJECT_INDEX: 'index',
  REINDEX_OBJECT_TABLE: 'table',
  REINDEX_OBJECT_SCHEMA: 'schema',
  REINDEX_OBJECT_DATABASE: 'database',
  REINDEX_OBJECT_SYSTEM: 'system',
} as const;

export function reindex(tree: Body<'ReindexStmt'>, context: TreeContext): StatementFacts {
  const found: Relation | undefined = tree.relation ? relation(tree.relation, context) : undefined;
  return {
    kind: 'reindex',
    target: REINDEX[tree.kind ?? 'REINDEX_OBJECT_TABLE'],
    ...(found ? { relation: found } : {}),
    concurrently: isOn(options(tree.params)['concurrently']),
  };
}

export function refresh(tree: Body<'RefreshMatViewStmt'>, context: TreeContext): StatementFacts {
  return {
    kind: 'refresh-materialized-view',
    view: relation(tree.relation, context),
    concurrently: tree.concurrent === true,
    withData: tree.skipData !== true,
  };
}

const TRANSACTION = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback-to',
  TRANS_STMT_PREPARE: 'prepare',
  TRANS_STMT_COMMIT_PREPARED: 'commit-prepared',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback-prepared',
} as const;

export function transaction(tree: Body<'TransactionStmt'>): StatementFacts {
  return {
    kind: 'transaction',
    command: TRANSACTION[tree.kind ?? 'TRANS_STMT_BEGIN'],
    ...(tree.savepoint_name === undefined ? {} : { savepoint: tree.savepoint_name }),
  };
}

export function set(tree: Body<'VariableSetStmt'>): StatementFacts {
  const { name, value } = setting(tree);
  const reset = tree.kind === 'VAR_RESET' || tree.kind === 'VAR_RESET_ALL' || tree.kind === 'VAR_SET_DEFAULT';
  return {
    kind: 'set',
    name: tree.kind === 'VAR_RESET_ALL' ? 'all' : name,
    ...(value === undefined ? {} : { value }),
    local: tree.is_local === true,
    reset,
  };
}
