import type { LockMode, ObjectType, Relation, StatementFacts } from '../statement.ts';
import { alterTable, droppedIndex } from './alter-table.ts';
import { create } from './create.ts';
import { condition } from './expression.ts';
import type { Made } from './made.ts';
import {
  child,
  children,
  columnName,
  functionName,
  lower,
  type MysqlContext,
  relationOf,
  type Tree,
  word,
} from './tree.ts';

/** `guards`: starts of actions, or of the statement, from which IF [NOT] EXISTS was taken to make them readable. */
export function statementFacts(tree: Tree, context: MysqlContext, guards: ReadonlySet<number>): Made[] {
  switch (lower(tree, 'type')) {
    case 'create':
      return create(tree, context).map((made) => guarded(made, guards.has(context.span.start)));
    case 'alter':
      return alterTable(tree, context, guards);
    case 'drop':
      return drop(tree, context, guards.has(context.span.start));
    case 'rename':
      return pairs(tree).map(([from, to]) => rename(relationOf(from, context), word(to, 'table') ?? ''));
    case 'set':
      return children(tree, 'expr').map((assignment) => ({ facts: set(assignment) }));
    case 'lock':
      return lock(tree, context);
    default:
      return [{ facts: data(tree, context) }];
  }
}

function data(tree: Tree, context: MysqlContext): StatementFacts {
  const where = condition(child(tree, 'where'));
  const [first, ...others] = children(tree, 'table').map((table) => relationOf(table, context));
  const table: Relation = first ?? { name: '', span: context.span };
  const assigned = (from: Tree | undefined): string[] =>
    children(from, 'set').map((item) => columnName({ ...item, type: 'column_ref' }) ?? '');
  switch (lower(tree, 'type')) {
    case 'insert':
    case 'replace': {
      const rows = children(child(tree, 'values'), 'values').length;
      const isSelect = lower(child(tree, 'values'), 'type') === 'select';
      const columns = Array.isArray(tree.columns)
        ? tree.columns.filter((name) => typeof name === 'string')
        : assigned(tree);
      const onConflict =
        lower(tree, 'type') === 'replace' ||
        lower(tree, 'prefix').includes('ignore') ||
        child(tree, 'on_duplicate_update') !== undefined;
      return {
        kind: 'insert',
        table,
        columns,
        source: isSelect ? 'select' : 'values',
        onConflict,
        assigned: assigned(child(tree, 'on_duplicate_update')),
        ...(isSelect ? {} : { rows: Math.max(rows, 1) }),
      };
    }
    case 'update':
      return { kind: 'update', table, assigned: assigned(tree), where, from: others.length > 0 };
    case 'delete':
      return { kind: 'delete', table: place(table, children(tree, 'from'), context), where };
    case 'truncate':
      // TRUNCATE starts AUTO_INCREMENT anew in MySQL, as RESTART IDENTITY does in PostgreSQL.
      return {
        kind: 'truncate',
        tables: children(tree, 'name').map((name) => relationOf(name, context)),
        cascade: false,
        restartIdentity: true,
      };
    case 'select':
      return {
        kind: 'select',
        locking: word(tree, 'locking_read') !== undefined,
        from: children(tree, 'from').length > 0,
      };
    case 'call': {
      const called = child(tree, 'expr');
      return { kind: 'call', procedure: called ? functionName(called) : { name: '' } };
    }
    case 'transaction': {
      const command = lower(child(tree, 'expr'), 'action');
      return {
        kind: 'transaction',
        command: command === 'commit' || command === 'rollback' ? command : 'begin',
      };
    }
    case 'load_data':
      return { kind: 'copy', table, direction: 'from', program: false, target: 'file' };
    case 'grant':
      return grant(tree);
    default:
      return { kind: 'other' };
  }
}

/** DELETE FROM a gives the target without a place; the same name in FROM has one. */
function place(table: Relation, from: readonly Tree[], context: MysqlContext): Relation {
  const same = from.map((one) => relationOf(one, context)).find((one) => one.name === table.name);
  return same ?? table;
}

function guarded(made: Made, guard: boolean): Made {
  return guard && 'ifNotExists' in made.facts
    ? { ...made, facts: { ...made.facts, ifNotExists: true } }
    : made;
}

function drop(tree: Tree, context: MysqlContext, guard: boolean): Made[] {
  const keyword = lower(tree, 'keyword');
  const ifExists = guard || lower(tree, 'prefix').includes('if exists');
  if (keyword === 'database' || keyword === 'schema')
    return [{ facts: { kind: 'drop-database', database: word(tree, 'name') ?? '' } }];
  if (keyword === 'index') {
    const made = droppedIndex(
      columnName(child(tree, 'name')) ?? '',
      context.span,
      relationOf(child(tree, 'table'), context),
      ifExists,
    );
    return [{ facts: made.facts }];
  }
  const objectType: ObjectType =
    keyword === 'table' || keyword === 'view' || keyword === 'trigger' ? keyword : 'other';
  const objects = children(tree, 'name').map((name) =>
    relationOf(keyword === 'trigger' ? { ...name, table: name.trigger } : name, context),
  );
  return [{ facts: { kind: 'drop', objectType, objects, ifExists, cascade: false, concurrently: false } }];
}

function pairs(tree: Tree): [Tree, Tree][] {
  const list = Array.isArray(tree.table) ? tree.table : [];
  return list.filter((pair): pair is [Tree, Tree] => Array.isArray(pair) && pair.length === 2);
}

function rename(relation: Relation, to: string): Made {
  return { facts: { kind: 'rename', objectType: 'table', relation, from: relation.name, to } };
}

/** User variables keep their `@`; GLOBAL and SESSION are left out of the name. */
function set(assignment: Tree): StatementFacts {
  const [left, right] = [child(assignment, 'left'), child(assignment, 'right')];
  const members = Array.isArray(left?.members)
    ? left.members.filter((member) => typeof member === 'string')
    : [];
  const name = (members.at(-1) ?? word(left, 'name') ?? '').toLowerCase();
  const given = right?.value ?? right?.name ?? columnName(right);
  const prefix = word(left, 'prefix') === '@' ? '@' : '';
  const value = typeof given === 'string' || typeof given === 'number' ? { value: String(given) } : {};
  return { kind: 'set', name: `${prefix}${name}`, ...value, local: false, reset: false };
}

/** READ lets others read, WRITE lets nobody else in ("LOCK TABLES" of the MySQL manual). */
function lock(tree: Tree, context: MysqlContext): Made[] {
  const modes = new Map<LockMode, Relation[]>();
  for (const one of children(tree, 'tables')) {
    const mode: LockMode = lower(child(one, 'lock_type'), 'type') === 'write' ? 'ACCESS EXCLUSIVE' : 'SHARE';
    modes.set(mode, [...(modes.get(mode) ?? []), relationOf(child(one, 'table'), context)]);
  }
  return [...modes].map(([mode, tables]) => ({ facts: { kind: 'lock-table', tables, mode } }));
}

function grant(tree: Tree): StatementFacts {
  const privileges = children(tree, 'objects').map((object) => lower(object, 'priv'));
  const objects = children(child(tree, 'on'), 'priv_level').map((level) => {
    const [schema, name] = [word(level, 'prefix'), word(level, 'name') ?? ''];
    return schema === undefined ? { name } : name === '*' ? { name: schema } : { schema, name };
  });
  const whole = children(child(tree, 'on'), 'priv_level').some((level) => word(level, 'name') === '*');
  return {
    kind: 'grant',
    privileges,
    all: privileges.includes('all'),
    objectType: whole ? 'all-in-schema' : 'table',
    objects,
    grantees: children(tree, 'user_or_roles').map((grantee) => word(grantee, 'name') ?? ''),
  };
}
