import type { Constraint, ObjectName, RoutineBody, Statement } from '../../sql/statement.ts';
import type { ComingForeignKey } from './facts.ts';

/**
 * Names of what a section touches, as SQL writes them and as `readTables` takes them: relations, types that change
 * (for the tables that have columns of them), `schema.*` for a schema that is dropped. A name without a schema is
 * given once for each schema of a search_path that the section sets.
 */
export function tablesTouched(statements: readonly Statement[]): string[] {
  const called = new Set(allOf(statements).flatMap(calledIn));
  const found = new Set<string>();
  let path: readonly string[] = [];
  for (const statement of expanded(statements, called)) {
    if (statement.kind === 'set' && statement.name === 'search_path') path = schemasIn(statement.value ?? '');
    if (IDLE.has(statement.kind)) continue;
    if (statement.kind === 'do' && namesNothing(statement.body))
      for (const schema of new Set(['public', ...path])) found.add(`${quoted(schema)}.*`);
    for (const object of [...statement.relations, ...furtherNames(statement)]) {
      found.add(written(object));
      if (object.schema === undefined) for (const schema of path) found.add(written({ ...object, schema }));
    }
    if (statement.kind === 'drop' && statement.objectType === 'schema')
      for (const { name } of statement.objects) found.add(`${quoted(name)}.*`);
  }
  return [...found];
}

/** Foreign keys that a section adds to tables, or makes good on rows that stand already. */
export function foreignKeysAdded(statements: readonly Statement[]): ComingForeignKey[] {
  return allOf(statements).flatMap((statement) => {
    if (statement.kind !== 'alter-table') return [];
    return statement.actions.flatMap((action) =>
      action.action === 'add-constraint' ? comingKey(statement.table, action.constraint) : [],
    );
  });
}

/** Statements put together at run time, from what the catalog says: any table may be meant. */
function namesNothing({ dynamic, statements }: RoutineBody): boolean {
  return (
    dynamic.length > 0 &&
    allOf(statements)
      .flatMap(({ relations }) => relations)
      .every(({ schema, name }) => /^pg_/.test(name) || schema === 'information_schema')
  );
}

function comingKey(table: ObjectName, { type, columns, references }: Constraint): ComingForeignKey[] {
  if (type !== 'foreign-key' || !references) return [];
  return [
    {
      table: { schema: table.schema, name: table.name },
      columns,
      references: { schema: references.relation.schema, name: references.relation.name },
      referenced: references.columns,
    },
  ];
}

/** With the statements that run as part of others: of DO blocks, of WITH. */
function allOf(statements: readonly Statement[]): Statement[] {
  return statements.flatMap((statement) => [
    statement,
    ...allOf(statement.inner ?? []),
    ...(statement.kind === 'do' ? allOf(statement.body.statements) : []),
  ]);
}

/** And with the bodies of functions that the section itself calls. */
function expanded(statements: readonly Statement[], called: ReadonlySet<string>): Statement[] {
  return allOf(statements).flatMap((statement) => {
    if (statement.kind !== 'create-function' || !called.has(statement.routine.name)) return [statement];
    const body = statement.body ?? statement.atomic;
    return [statement, ...allOf(body?.statements ?? [])];
  });
}

function calledIn(statement: Statement): string[] {
  const names = statement.functions.map(({ name }) => name);
  return statement.kind === 'call' ? [...names, statement.procedure.name] : names;
}

/** Of the value of a search_path; `$user` says nothing that the server does not know. */
function schemasIn(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim().replace(/^(['"])(.*)\1$/, '$2'))
    .filter((schema) => schema !== '' && schema !== '$user');
}

/** Statements that change nothing about rows, whatever they name. */
const IDLE = new Set<Statement['kind']>(['grant', 'revoke', 'comment', 'default-privileges', 'change-owner']);

/** Names that are no relations of the statement to the parser. */
function furtherNames(statement: Statement): ObjectName[] {
  switch (statement.kind) {
    case 'drop':
      return [
        ...(TYPES.has(statement.objectType) ? statement.objects : []),
        ...(statement.onTable ? [statement.onTable] : []),
      ];
    case 'alter-enum':
      return [statement.type];
    case 'alter-domain':
      return [statement.domain];
    case 'create-table':
      return statement.partitionOf ? [statement.partitionOf] : [];
    case 'alter-table':
      return statement.actions.flatMap((action) =>
        action.action === 'attach-partition' || action.action === 'detach-partition'
          ? [action.partition]
          : [],
      );
    case 'rename':
      return statement.relation ? [statement.relation] : [];
    case 'set-schema':
      return [statement.object];
    default:
      return [];
  }
}

const TYPES = new Set<string>(['type', 'domain']);

/** The names are folded already: quoted, they stay what they are. */
function written({ schema, name }: ObjectName): string {
  return schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
