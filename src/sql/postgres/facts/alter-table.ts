import type { AlterTableAction, StatementFacts } from '../../statement.ts';
import { column, tableConstraint } from '../columns.ts';
import { expression } from '../expression.ts';
import { objectType } from '../object-type.ts';
import { afterWord, inParentheses, items, wordEnd } from '../places.ts';
import {
  as,
  type Body,
  itemSpan,
  kept,
  options,
  relation,
  roleName,
  strings,
  type TreeContext,
} from '../tree.ts';
import { typeName } from '../types.ts';

type Command = Body<'AlterTableCmd'>;
type Bare<T> = T extends unknown ? Omit<T, 'span'> : never;
type Action = Bare<AlterTableAction>;

export function alterTable(tree: Body<'AlterTableStmt'>, context: TreeContext): StatementFacts {
  const type = objectType(tree.objtype);
  // The grammar marks the name of a composite type as if ONLY stood before it.
  const range = type === 'type' && tree.relation ? { ...tree.relation, inh: true } : tree.relation;
  const table = relation(range, context);
  const isIndex = type === 'index';
  const commands = tree.cmds ?? [];
  // The tree gives no place for an action; the commas between them do.
  const places = items(context.text, { start: table.span.end, end: context.span.end });
  const actions: AlterTableAction[] = [];
  commands.forEach((node, position) => {
    const command = as('AlterTableCmd', node);
    const span = (places.length === commands.length ? places[position] : undefined) ?? context.span;
    if (command)
      actions.push({ ...action(command, { ...context, span }, isIndex), span } as AlterTableAction);
  });
  const known =
    type === 'table' ||
    type === 'index' ||
    type === 'view' ||
    type === 'materialized-view' ||
    type === 'sequence' ||
    type === 'foreign-table' ||
    type === 'type';
  return {
    kind: 'alter-table',
    table,
    objectType: known ? type : 'table',
    ifExists: tree.missing_ok === true,
    actions: kept(actions),
  };
}

function action(command: Command, context: TreeContext, isIndex: boolean): Action {
  const name = command.name ?? '';
  const cascade = command.behavior === 'DROP_CASCADE';
  const ifExists = command.missing_ok === true;
  switch (command.subtype) {
    case 'AT_AddColumn':
      return {
        action: 'add-column',
        column: column(as('ColumnDef', command.def) ?? {}, context),
        ifNotExists: ifExists,
      };
    case 'AT_DropColumn':
      return { action: 'drop-column', column: name, ifExists, cascade };
    case 'AT_AlterColumnType': {
      const definition = as('ColumnDef', command.def);
      return {
        action: 'alter-type',
        column: name,
        type: typeName(definition?.typeName, context),
        ...(definition?.raw_default
          ? {
              using: expression(
                definition.raw_default,
                context,
                afterWord(context.text, context.span, 'using'),
              ),
            }
          : {}),
        ...(definition?.collClause ? { collation: strings(definition.collClause.collname).at(-1) } : {}),
      };
    }
    case 'AT_ColumnDefault':
      return command.def
        ? {
            action: 'set-default',
            column: name,
            default: expression(command.def, context, afterWord(context.text, context.span, 'default')),
          }
        : { action: 'drop-default', column: name };
    case 'AT_SetNotNull':
      return { action: 'set-not-null', column: name };
    case 'AT_DropNotNull':
      return { action: 'drop-not-null', column: name };
    case 'AT_AddIdentity':
      return {
        action: 'add-identity',
        column: name,
        identity: as('Constraint', command.def)?.generated_when === 'a' ? 'always' : 'by-default',
      };
    case 'AT_DropIdentity':
      return { action: 'drop-identity', column: name };
    case 'AT_SetIdentity': {
      const given = options(as('List', command.def)?.items)['generated'];
      return {
        action: 'set-identity',
        column: name,
        // The number of a character: a for always, d for by default.
        ...(given === undefined
          ? {}
          : { identity: Number(given) === 'a'.charCodeAt(0) ? 'always' : 'by-default' }),
      };
    }
    case 'AT_SetExpression':
      return command.def
        ? {
            action: 'set-expression',
            column: name,
            expression: expression(
              command.def,
              context,
              inParentheses(context.text, {
                start: wordEnd(context.text, context.span, 'as') ?? context.span.start,
                end: context.span.end,
              }),
            ),
          }
        : { action: 'other', name: command.subtype };
    case 'AT_DropExpression':
      return { action: 'drop-expression', column: name };
    case 'AT_SetStatistics':
      return { action: 'set-statistics', column: name };
    case 'AT_SetStorage':
      return { action: 'set-storage', column: name };
    case 'AT_SetCompression':
      return { action: 'set-compression', column: name };
    case 'AT_AddConstraint': {
      const tree = as('Constraint', command.def);
      const made = tree && tableConstraint(tree, context);
      return made
        ? { action: 'add-constraint', constraint: made }
        : { action: 'other', name: command.subtype };
    }
    case 'AT_DropConstraint':
      return { action: 'drop-constraint', constraint: name, ifExists, cascade };
    case 'AT_ValidateConstraint':
      return { action: 'validate-constraint', constraint: name };
    case 'AT_AlterConstraint': {
      const change = as('ATAlterConstraint', command.def);
      return {
        action: 'alter-constraint',
        constraint: change?.conname ?? name,
        ...(change?.alterDeferrability ? { deferrable: change.deferrable === true } : {}),
        ...(change?.alterEnforceability ? { enforced: change.is_enforced === true } : {}),
      };
    }
    default:
      return tableAction(command, context, isIndex);
  }
}

function tableAction(command: Command, context: TreeContext, isIndex: boolean): Action {
  const name = command.name ?? '';
  switch (command.subtype) {
    case 'AT_AttachPartition': {
      const partition = as('PartitionCmd', command.def);
      const relationName = relation(partition?.name, context);
      if (isIndex) return { action: 'attach-index-partition', index: relationName };
      const bound = context.text
        .slice(relationName.span.end, itemSpan(context.text, relationName.span.end, context.span.end).end)
        .trim();
      return {
        action: 'attach-partition',
        partition: relationName,
        isDefault: partition?.bound?.is_default === true,
        bound,
      };
    }
    case 'AT_DetachPartition':
    case 'AT_DetachPartitionFinalize': {
      const partition = as('PartitionCmd', command.def);
      return {
        action: 'detach-partition',
        partition: relation(partition?.name, context),
        concurrently: partition?.concurrent === true,
        finalize: command.subtype === 'AT_DetachPartitionFinalize',
      };
    }
    case 'AT_SetLogged':
      return { action: 'set-logged' };
    case 'AT_SetUnLogged':
      return { action: 'set-unlogged' };
    case 'AT_EnableRowSecurity':
      return { action: 'enable-rls' };
    case 'AT_DisableRowSecurity':
      return { action: 'disable-rls' };
    case 'AT_ForceRowSecurity':
      return { action: 'force-rls' };
    case 'AT_NoForceRowSecurity':
      return { action: 'no-force-rls' };
    case 'AT_DropCluster':
      return { action: 'drop-cluster' };
    case 'AT_SetTableSpace':
      return { action: 'set-tablespace', tablespace: name };
    case 'AT_ClusterOn':
      return { action: 'cluster-on', index: name };
    case 'AT_SetAccessMethod':
      return { action: 'set-access-method', method: name };
    case 'AT_EnableTrig':
    case 'AT_EnableAlwaysTrig':
    case 'AT_EnableReplicaTrig':
      return { action: 'enable-trigger', trigger: { name } };
    case 'AT_EnableTrigAll':
      return { action: 'enable-trigger', trigger: 'all' };
    case 'AT_EnableTrigUser':
      return { action: 'enable-trigger', trigger: 'user' };
    case 'AT_DisableTrig':
      return { action: 'disable-trigger', trigger: { name } };
    case 'AT_DisableTrigAll':
      return { action: 'disable-trigger', trigger: 'all' };
    case 'AT_DisableTrigUser':
      return { action: 'disable-trigger', trigger: 'user' };
    case 'AT_SetRelOptions':
    case 'AT_ReplaceRelOptions':
      return { action: 'set-options', options: options(as('List', command.def)?.items) };
    case 'AT_ResetRelOptions':
      return { action: 'reset-options', options: options(as('List', command.def)?.items) };
    case 'AT_AddInherit':
      return { action: 'inherit', parent: relation(as('RangeVar', command.def), context) };
    case 'AT_DropInherit':
      return { action: 'no-inherit', parent: relation(as('RangeVar', command.def), context) };
    case 'AT_ReplicaIdentity': {
      const identity = as('ReplicaIdentityStmt', command.def);
      if (identity?.identity_type === 'i')
        return { action: 'replica-identity', identity: { index: identity.name ?? '' } };
      return {
        action: 'replica-identity',
        identity:
          identity?.identity_type === 'f' ? 'full' : identity?.identity_type === 'n' ? 'nothing' : 'default',
      };
    }
    case 'AT_ChangeOwner':
      return { action: 'owner', role: roleName(command.newowner) };
    default:
      return { action: 'other', name: command.subtype ?? 'unknown' };
  }
}
