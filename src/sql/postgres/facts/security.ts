import type { Node } from '@pgsql/types';
import type { ObjectName, ObjectType, StatementFacts } from '../../statement.ts';
import { objectType } from '../object-type.ts';
import { namesAfter } from '../places.ts';
import {
  as,
  type Body,
  objectName,
  options,
  relation,
  roleName,
  strings,
  type TreeContext,
} from '../tree.ts';
import { anyName } from './objects.ts';

export function grant(tree: Body<'GrantStmt'>): StatementFacts {
  const type: ObjectType | 'all-in-schema' =
    tree.targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ? 'all-in-schema' : objectType(tree.objtype);
  return {
    kind: tree.is_grant ? 'grant' : 'revoke',
    privileges: (tree.privileges ?? [])
      .map((node) => as('AccessPriv', node)?.priv_name ?? '')
      .filter(Boolean),
    all: tree.privileges === undefined,
    objectType: type,
    objects: (tree.objects ?? []).map(grantedObject),
    grantees: roles(tree.grantees),
  };
}

function grantedObject(node: Node): ObjectName {
  const range = as('RangeVar', node);
  return range
    ? { ...(range.schemaname === undefined ? {} : { schema: range.schemaname }), name: range.relname ?? '' }
    : anyName(node);
}

export function grantRole(tree: Body<'GrantRoleStmt'>): StatementFacts {
  const granted = (tree.granted_roles ?? [])
    .map((node) => as('AccessPriv', node)?.priv_name ?? '')
    .filter(Boolean);
  return {
    kind: tree.is_grant ? 'grant' : 'revoke',
    privileges: granted,
    all: false,
    objectType: 'role',
    objects: [],
    grantees: roles(tree.grantee_roles),
  };
}

export function defaultPrivileges(tree: Body<'AlterDefaultPrivilegesStmt'>): StatementFacts {
  return {
    kind: 'default-privileges',
    all: tree.action?.privileges === undefined,
    grantees: roles(tree.action?.grantees),
    revoke: tree.action?.is_grant !== true,
  };
}

function roles(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => roleName(as('RoleSpec', node)));
}

export function createRole(tree: Body<'CreateRoleStmt'>): StatementFacts {
  const given = options(tree.options);
  return {
    kind: 'create-role',
    role: tree.role ?? '',
    superuser: given['superuser'] === 'true',
    options: Object.keys(given),
  };
}

export function alterRole(tree: Body<'AlterRoleStmt'>): StatementFacts {
  const given = options(tree.options);
  return {
    kind: 'alter-role',
    role: tree.role?.rolename ?? '',
    superuser: given['superuser'] === 'true',
    options: Object.keys(given),
  };
}

export function dropRole(tree: Body<'DropRoleStmt'>, context: TreeContext): StatementFacts {
  const places = namesAfter(context.text, context.span, tree.missing_ok ? 4 : 2);
  return {
    kind: 'drop',
    objectType: 'role',
    objects: roles(tree.roles).map((name, position) => ({ name, span: places[position] ?? context.span })),
    ifExists: tree.missing_ok === true,
    cascade: false,
    concurrently: false,
  };
}

export function dropOwned(tree: Body<'DropOwnedStmt'>): StatementFacts {
  return { kind: 'drop-owned', roles: roles(tree.roles), cascade: tree.behavior === 'DROP_CASCADE' };
}

export function reassignOwned(tree: Body<'ReassignOwnedStmt'>): StatementFacts {
  return { kind: 'reassign-owned', roles: roles(tree.roles), to: roleName(tree.newrole) };
}

export function createPolicy(tree: Body<'CreatePolicyStmt'>, context: TreeContext): StatementFacts {
  const command = tree.cmd_name as 'all' | 'select' | 'insert' | 'update' | 'delete' | undefined;
  return {
    kind: 'create-policy',
    policy: tree.policy_name ?? '',
    table: relation(tree.table, context),
    command: command ?? 'all',
    restrictive: tree.permissive !== true,
  };
}

export function createTrigger(tree: Body<'CreateTrigStmt'>, context: TreeContext): StatementFacts {
  return {
    kind: 'create-trigger',
    trigger: tree.trigname ?? '',
    table: relation(tree.relation, context),
    function: objectName(strings(tree.funcname)),
    orReplace: tree.replace === true,
    row: tree.row === true,
  };
}

export function createRule(tree: Body<'RuleStmt'>, context: TreeContext): StatementFacts {
  return { kind: 'create-rule', rule: tree.rulename ?? '', table: relation(tree.relation, context) };
}
