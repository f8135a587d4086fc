import type { Node } from '@pgsql/types';
import type { Statement, StatementFacts } from '../statement.ts';
import { alterTable } from './facts/alter-table.ts';
import { copy, insert, remove, select, truncate, update } from './facts/data.ts';
import { cluster, lock, refresh, reindex, set, transaction, vacuum } from './facts/maintenance.ts';
import {
  alterSequence,
  changeOwner,
  comment,
  createExtension,
  createIndex,
  createSchema,
  createSequence,
  createStatistics,
  drop,
  rename,
  setSchema,
} from './facts/objects.ts';
import { type AnalyseBody, alterFunction, createFunction, doBlock } from './facts/routines.ts';
import {
  alterRole,
  createPolicy,
  createRole,
  createRule,
  createTrigger,
  defaultPrivileges,
  dropOwned,
  dropRole,
  grant,
  grantRole,
  reassignOwned,
} from './facts/security.ts';
import { createForeignTable, createTable, createTableAs, createView } from './facts/tables.ts';
import {
  alterDomain,
  alterEnum,
  createComposite,
  createDomain,
  createEnum,
  createRange,
  define,
} from './facts/types.ts';
import { innerTrees } from './inner-statements.ts';
import { references } from './references.ts';
import {
  as,
  type Body,
  objectName,
  options,
  relation,
  strings,
  type Tag,
  type TreeContext,
  tagOf,
} from './tree.ts';

type Handlers = {
  readonly [K in Tag]?: (tree: Body<K>, context: TreeContext, analyse: AnalyseBody) => StatementFacts;
};

const HANDLERS: Handlers = {
  CreateStmt: createTable,
  CreateForeignTableStmt: createForeignTable,
  CreateTableAsStmt: createTableAs,
  ViewStmt: createView,
  AlterTableStmt: alterTable,
  IndexStmt: createIndex,
  DropStmt: drop,
  RenameStmt: rename,
  AlterObjectSchemaStmt: setSchema,
  AlterOwnerStmt: changeOwner,
  CommentStmt: comment,
  CreateSeqStmt: createSequence,
  AlterSeqStmt: alterSequence,
  CreateSchemaStmt: createSchema,
  CreateExtensionStmt: createExtension,
  CreateStatsStmt: createStatistics,
  CreateEnumStmt: createEnum,
  AlterEnumStmt: alterEnum,
  CreateDomainStmt: createDomain,
  AlterDomainStmt: alterDomain,
  CompositeTypeStmt: createComposite,
  CreateRangeStmt: createRange,
  DefineStmt: define,
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: alterFunction,
  DoStmt: doBlock,
  CreateTrigStmt: createTrigger,
  RuleStmt: createRule,
  CreatePolicyStmt: createPolicy,
  InsertStmt: insert,
  UpdateStmt: update,
  DeleteStmt: remove,
  TruncateStmt: truncate,
  SelectStmt: select,
  CopyStmt: copy,
  LockStmt: lock,
  VacuumStmt: vacuum,
  ClusterStmt: cluster,
  ReindexStmt: reindex,
  RefreshMatViewStmt: refresh,
  TransactionStmt: transaction,
  VariableSetStmt: set,
  GrantStmt: grant,
  GrantRoleStmt: grantRole,
  AlterDefaultPrivilegesStmt: defaultPrivileges,
  CreateRoleStmt: createRole,
  AlterRoleStmt: alterRole,
  MergeStmt: (tree, context) => ({ kind: 'merge', table: relation(tree.relation, context) }),
  CallStmt: (tree) => ({ kind: 'call', procedure: objectName(strings(tree.funccall?.funcname)) }),
  AlterExtensionStmt: (tree) => ({ kind: 'alter-extension', extension: tree.extname ?? '' }),
  CreatedbStmt: (tree) => ({ kind: 'create-database', database: tree.dbname ?? '' }),
  DropdbStmt: (tree) => ({ kind: 'drop-database', database: tree.dbname ?? '' }),
  AlterDatabaseStmt: (tree) => ({ kind: 'alter-database', database: tree.dbname ?? '' }),
  AlterDatabaseSetStmt: (tree) => ({ kind: 'alter-database', database: tree.dbname ?? '' }),
  AlterSystemStmt: () => ({ kind: 'alter-system' }),
  CreateEventTrigStmt: (tree) => ({ kind: 'create-event-trigger', trigger: tree.trigname ?? '' }),
  CreatePublicationStmt: (tree) => ({ kind: 'create-publication', name: tree.pubname ?? '' }),
  AlterPublicationStmt: (tree) => ({ kind: 'alter-publication', name: tree.pubname ?? '' }),
  CreateSubscriptionStmt: (tree) => ({ kind: 'create-subscription', name: tree.subname ?? '' }),
  AlterSubscriptionStmt: (tree) => ({ kind: 'alter-subscription', name: tree.subname ?? '' }),
  DropRoleStmt: dropRole,
  DropOwnedStmt: dropOwned,
  ReassignOwnedStmt: reassignOwned,
  LoadStmt: (tree) => ({ kind: 'load', library: tree.filename ?? '' }),
};

/** `ctes`: names of the CTEs around a statement that stands inside another. */
export function statementFacts(
  node: Node,
  context: TreeContext,
  analyse: AnalyseBody,
  ctes: readonly string[] = [],
): Statement {
  const tag = tagOf(node);
  const handler = HANDLERS[tag] as
    | ((tree: unknown, context: TreeContext, analyse: AnalyseBody) => StatementFacts)
    | undefined;
  const tree = (node as unknown as Record<string, unknown>)[tag];
  const facts: StatementFacts = handler ? handler(tree, context, analyse) : { kind: 'other' };
  const { relations, functions, roles } = references(tree, context, ctes);
  // DROP names its objects without range nodes, so the walk over the tree cannot see them.
  const named =
    facts.kind === 'drop' && DROPPED_RELATIONS.has(facts.objectType)
      ? [...relations, ...facts.objects]
      : relations;
  const statement = {
    span: context.span,
    node: tag,
    relations: named,
    functions,
    ...(roles ? { roles } : {}),
    needsAutocommit: needsAutocommit(facts, tag, node),
    ...facts,
  } as Statement;
  const trees = innerTrees(tag, node, context);
  if (!trees) return statement;
  const inner = trees.map((each) =>
    statementFacts(each.node, { ...context, span: each.span }, analyse, each.ctes),
  );
  return { ...statement, inner };
}

const DROPPED_RELATIONS: ReadonlySet<string> = new Set([
  'table',
  'view',
  'materialized-view',
  'foreign-table',
  'sequence',
  'index',
]);

const isOff = (value: string | undefined): boolean =>
  value !== undefined && ['false', 'off', '0'].includes(value.toLowerCase());

/** DROP SUBSCRIPTION may run in a transaction once its slot was taken off, which the statement does not say. */
const ALWAYS_ALONE: ReadonlySet<string> = new Set([
  'CreatedbStmt',
  'DropdbStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'AlterSystemStmt',
  'DropSubscriptionStmt',
]);

/** Statements that call PreventInTransactionBlock in the server; their documentation pages say so one by one. */
function needsAutocommit(facts: StatementFacts, tag: Tag, node: Node): boolean {
  if (ALWAYS_ALONE.has(tag)) return true;
  if (tag === 'DiscardStmt') return as('DiscardStmt', node)?.target === 'DISCARD_ALL';
  switch (facts.kind) {
    case 'create-index':
    case 'drop':
      return facts.concurrently;
    case 'reindex':
      return (
        facts.concurrently ||
        facts.target === 'schema' ||
        facts.target === 'database' ||
        facts.target === 'system'
      );
    case 'vacuum':
      return true;
    case 'cluster':
      return facts.table === undefined;
    case 'alter-table':
      return facts.actions.some((action) => action.action === 'detach-partition' && action.concurrently);
    case 'alter-database':
      return options(as('AlterDatabaseStmt', node)?.options)['tablespace'] !== undefined;
    case 'create-subscription': {
      const given = options(as('CreateSubscriptionStmt', node)?.options);
      return ![given['connect'], given['create_slot']].some(isOff);
    }
    case 'alter-subscription': {
      const tree = as('AlterSubscriptionStmt', node);
      const isRefreshed = tree?.kind?.endsWith('_PUBLICATION') || tree?.kind === 'ALTER_SUBSCRIPTION_REFRESH';
      return isRefreshed === true && !isOff(options(tree?.options)['refresh']);
    }
    case 'transaction':
      return facts.command === 'commit-prepared' || facts.command === 'rollback-prepared';
    default:
      return false;
  }
}
