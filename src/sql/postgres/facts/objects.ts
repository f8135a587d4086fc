import type { Node } from '@pgsql/types';
import type { ObjectName, ObjectType, Relation, StatementFacts } from '../../statement.ts';
import { expression } from '../expression.ts';
import { indexColumn } from '../index-column.ts';
import { objectType } from '../object-type.ts';
import {
  as,
  type Body,
  kept,
  listName,
  objectName,
  options,
  optionValue,
  relation,
  strings,
  type TreeContext,
  unplaced,
} from '../tree.ts';
import { typeName } from '../types.ts';
import { persistence } from './tables.ts';

export function createIndex(tree: Body<'IndexStmt'>, context: TreeContext): StatementFacts {
  const include: string[] = [];
  for (const node of tree.indexIncludingParams ?? []) {
    const name = as('IndexElem', node)?.name;
    if (name !== undefined) include.push(name);
  }
  return {
    kind: 'create-index',
    ...(tree.idxname === undefined ? {} : { index: tree.idxname }),
    table: relation(tree.relation, context),
    columns: (tree.indexParams ?? []).map((node) => indexColumn(as('IndexElem', node), context)),
    include: kept(include),
    unique: tree.unique === true,
    concurrently: tree.concurrent === true,
    ifNotExists: tree.if_not_exists === true,
    method: tree.accessMethod ?? 'btree',
    ...(tree.whereClause ? { where: expression(tree.whereClause, context) } : {}),
    ...(tree.nulls_not_distinct ? { nullsNotDistinct: true } : {}),
  };
}

/** The name of an object in DROP, COMMENT or ALTER … OWNER, whatever node its kind has. */
export function anyName(node: Node | undefined): ObjectName {
  if (node === undefined) return { name: '' };
  const text = as('String', node)?.sval;
  if (text !== undefined) return { name: text };
  const routine = as('ObjectWithArgs', node);
  if (routine) return objectName(strings(routine.objname));
  const type = as('TypeName', node);
  if (type) return objectName(strings(type.names));
  return listName(node);
}

const ON_TABLE: ReadonlySet<ObjectType> = new Set(['trigger', 'policy', 'rule']);

export function drop(tree: Body<'DropStmt'>, context: TreeContext): StatementFacts {
  const type = objectType(tree.removeType);
  const objects: Relation[] = [];
  let onTable: Relation | undefined;
  for (const node of tree.objects ?? []) {
    if (ON_TABLE.has(type)) {
      const parts = strings(as('List', node)?.items);
      objects.push(unplaced({ name: parts.at(-1) ?? '' }, context));
      onTable = unplaced(objectName(parts.slice(0, -1)), context);
    } else objects.push(placed(anyName(node), context));
  }
  return {
    kind: 'drop',
    objectType: type,
    objects: kept(objects),
    ifExists: tree.missing_ok === true,
    cascade: tree.behavior === 'DROP_CASCADE',
    concurrently: tree.concurrent === true,
    ...(onTable ? { onTable } : {}),
  };
}

/** DROP gives names without locations: look the last part up in the text. */
function placed(name: ObjectName, context: TreeContext): Relation {
  const quoted = name.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`(?<![\\w$])"?${quoted}"?(?![\\w$])`, 'i').exec(
    context.text.slice(context.span.start, context.span.end),
  );
  if (!found) return unplaced(name, context);
  const start = context.span.start + found.index;
  return { ...name, span: { start, end: start + found[0].length } };
}

export function rename(tree: Body<'RenameStmt'>, context: TreeContext): StatementFacts {
  const type = objectType(tree.renameType);
  const named = tree.relation ? relation(tree.relation, context) : undefined;
  const object = tree.object ? anyName(tree.object) : undefined;
  const onType = type === 'attribute' || type === 'column';
  return {
    kind: 'rename',
    objectType: type === 'attribute' ? 'column' : type,
    ...(named ? { relation: named } : object && onType ? { relation: unplaced(object, context) } : {}),
    from: tree.subname ?? named?.name ?? object?.name ?? '',
    to: tree.newname ?? '',
    ...(object?.schema === undefined ? {} : { schema: object.schema }),
  };
}

export function setSchema(tree: Body<'AlterObjectSchemaStmt'>, context: TreeContext): StatementFacts {
  const object = tree.relation ? relation(tree.relation, context) : anyName(tree.object);
  return { kind: 'set-schema', objectType: objectType(tree.objectType), object, to: tree.newschema ?? '' };
}

export function changeOwner(tree: Body<'AlterOwnerStmt'>, context: TreeContext): StatementFacts {
  const object = tree.relation ? relation(tree.relation, context) : anyName(tree.object);
  return {
    kind: 'change-owner',
    objectType: objectType(tree.objectType),
    object,
    role: tree.newowner?.rolename ?? '',
  };
}

export function comment(tree: Body<'CommentStmt'>): StatementFacts {
  return { kind: 'comment', objectType: objectType(tree.objtype), object: anyName(tree.object) };
}

export function createSequence(tree: Body<'CreateSeqStmt'>, context: TreeContext): StatementFacts {
  const given = new Map(
    (tree.options ?? []).map((node) => [as('DefElem', node)?.defname, as('DefElem', node)?.arg]),
  );
  const type = as('TypeName', given.get('as'));
  return {
    kind: 'create-sequence',
    sequence: relation(tree.sequence, context),
    ...(type ? { type: typeName(type, context) } : {}),
    ifNotExists: tree.if_not_exists === true,
    persistence: persistence(tree.sequence),
    ...ownedBy(tree.options),
  };
}

function ownedBy(nodes: readonly Node[] | undefined): { ownedBy?: string } {
  for (const node of nodes ?? []) {
    const option = as('DefElem', node);
    if (option?.defname === 'owned_by') return { ownedBy: strings(as('List', option.arg)?.items).join('.') };
  }
  return {};
}

export function alterSequence(tree: Body<'AlterSeqStmt'>, context: TreeContext): StatementFacts {
  return {
    kind: 'alter-sequence',
    sequence: relation(tree.sequence, context),
    restarts: 'restart' in options(tree.options),
    ...ownedBy(tree.options),
  };
}

export function createSchema(tree: Body<'CreateSchemaStmt'>): StatementFacts {
  return {
    kind: 'create-schema',
    schema: tree.schemaname ?? tree.authrole?.rolename ?? '',
    ifNotExists: tree.if_not_exists === true,
  };
}

export function createExtension(tree: Body<'CreateExtensionStmt'>): StatementFacts {
  const version = options(tree.options)['new_version'];
  return {
    kind: 'create-extension',
    extension: tree.extname ?? '',
    ifNotExists: tree.if_not_exists === true,
    ...(version === undefined ? {} : { version }),
  };
}

export function createStatistics(tree: Body<'CreateStatsStmt'>, context: TreeContext): StatementFacts {
  const name = strings(tree.defnames).at(-1);
  const table = as('RangeVar', tree.relations?.[0]);
  return {
    kind: 'create-statistics',
    ...(name === undefined ? {} : { name }),
    ...(table ? { table: relation(table, context) } : {}),
  };
}

export { optionValue };
