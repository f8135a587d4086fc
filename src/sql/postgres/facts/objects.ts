import type { Node } from '@pgsql/types';
import type { ObjectName, ObjectType, StatementFacts } from '../../statement.ts';
import { expression } from '../expression.ts';
import { indexColumns } from '../index-column.ts';
import { objectType } from '../object-type.ts';
import { afterWord, namesAfter } from '../places.ts';
import {
  as,
  type Body,
  kept,
  listName,
  objectName,
  options,
  relation,
  roleName,
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
  const table = relation(tree.relation, context);
  const rest = { start: table.span.end, end: context.span.end };
  return {
    kind: 'create-index',
    ...(tree.idxname === undefined ? {} : { index: tree.idxname }),
    table,
    columns: indexColumns(
      (tree.indexParams ?? []).map((node) => as('IndexElem', node)),
      context,
      rest,
    ),
    include: kept(include),
    unique: tree.unique === true,
    concurrently: tree.concurrent === true,
    ifNotExists: tree.if_not_exists === true,
    method: tree.accessMethod ?? 'btree',
    ...(tree.whereClause
      ? { where: expression(tree.whereClause, context, afterWord(context.text, rest, 'where')) }
      : {}),
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

/** How many words name the kind after DROP; kinds whose objects are not plain names are left out. */
const WORDS: Readonly<Partial<Record<ObjectType, number>>> = {
  table: 1,
  index: 1,
  view: 1,
  'materialized-view': 2,
  sequence: 1,
  'foreign-table': 2,
  type: 1,
  domain: 1,
  schema: 1,
  function: 1,
  procedure: 1,
  aggregate: 1,
  routine: 1,
  trigger: 1,
  'event-trigger': 2,
  rule: 1,
  policy: 1,
  extension: 1,
  publication: 1,
  collation: 1,
};

/** DROP gives names without locations: they stand after the words that say what is dropped. */
export function drop(tree: Body<'DropStmt'>, context: TreeContext): StatementFacts {
  const type = objectType(tree.removeType);
  const words = WORDS[type];
  const places =
    words === undefined
      ? []
      : namesAfter(
          context.text,
          context.span,
          1 + words + (tree.concurrent ? 1 : 0) + (tree.missing_ok ? 2 : 0),
        );
  const common = {
    kind: 'drop',
    objectType: type,
    ifExists: tree.missing_ok === true,
    cascade: tree.behavior === 'DROP_CASCADE',
    concurrently: tree.concurrent === true,
  } as const;
  const [only] = tree.objects ?? [];
  if (ON_TABLE.has(type)) {
    const parts = strings(as('List', only)?.items);
    const place = places[0] ?? context.span;
    const [table] = namesAfter(context.text, { start: place.end, end: context.span.end }, 1);
    return {
      ...common,
      objects: [{ name: parts.at(-1) ?? '', span: place }],
      onTable: { ...objectName(parts.slice(0, -1)), span: table ?? context.span },
    };
  }
  const objects = (tree.objects ?? []).map((node, position) => ({
    ...anyName(node),
    span: places[position] ?? context.span,
  }));
  return { ...common, objects };
}

export function rename(tree: Body<'RenameStmt'>, context: TreeContext): StatementFacts {
  const type = objectType(tree.renameType);
  // The grammar marks the name of a composite type as if ONLY stood before it.
  const range = type === 'attribute' && tree.relation ? { ...tree.relation, inh: true } : tree.relation;
  const named = range ? relation(range, context) : undefined;
  const object = tree.object ? anyName(tree.object) : undefined;
  const onType = type === 'attribute' || type === 'column';
  return {
    kind: 'rename',
    objectType: type === 'attribute' ? 'column' : type,
    ...(named ? { relation: named } : object && onType ? { relation: unplaced(object, context) } : {}),
    from: tree.subname ?? named?.name ?? object?.name ?? '',
    to: tree.newname ?? '',
    ...(object?.schema === undefined ? {} : { schema: object.schema }),
    ...(tree.missing_ok ? { ifExists: true } : {}),
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
    role: roleName(tree.newowner),
  };
}

/** Kinds whose name stands with that of the table they are on. */
const COMMENTED_ON_TABLE: ReadonlySet<ObjectType> = new Set([
  'column',
  'constraint',
  'trigger',
  'policy',
  'rule',
]);

export function comment(tree: Body<'CommentStmt'>): StatementFacts {
  const type = objectType(tree.objtype);
  const parts = strings(as('List', tree.object)?.items);
  if (!COMMENTED_ON_TABLE.has(type) || parts.length < 2)
    return { kind: 'comment', objectType: type, object: anyName(tree.object) };
  const object = { name: parts.at(-1) ?? '' };
  return { kind: 'comment', objectType: type, object, onTable: objectName(parts.slice(0, -1)) };
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
  const { new_version: version, schema } = options(tree.options);
  return {
    kind: 'create-extension',
    extension: tree.extname ?? '',
    ifNotExists: tree.if_not_exists === true,
    ...(version === undefined ? {} : { version }),
    ...(schema === undefined ? {} : { schema }),
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
