import type { Column, Constraint } from '../statement.ts';
import { column, constraint, indexColumns, indexFacts, indexMethod } from './columns.ts';
import { token } from './lexer.ts';
import type { Made } from './made.ts';
import { child, children, items, lower, type MysqlContext, relationOf, type Tree, word } from './tree.ts';

export function create(tree: Tree, context: MysqlContext): Made[] {
  switch (lower(tree, 'keyword')) {
    case 'table':
      return createTable(tree, context);
    case 'index':
      return [createIndex(tree, context)];
    case 'view': {
      const view = relationOf(child(tree, 'view'), context);
      const orReplace = lower(tree, 'replace') !== '';
      return [{ facts: { kind: 'create-view', view, orReplace, persistence: 'permanent' } }];
    }
    case 'database':
    case 'schema': {
      const [name] = children(child(tree, 'database'), 'schema');
      return [
        { facts: { kind: 'create-database', database: word(name, 'value') ?? word(tree, 'database') ?? '' } },
      ];
    }
    case 'trigger': {
      const trigger = word(child(tree, 'trigger'), 'table') ?? '';
      const table = relationOf(child(tree, 'table'), context);
      // The body stands in the trigger itself: there is no function, so its own name takes that place.
      return [
        {
          facts: {
            kind: 'create-trigger',
            trigger,
            table,
            function: { name: trigger },
            orReplace: false,
            row: true,
          },
        },
      ];
    }
    case 'user':
      return children(tree, 'user').map((one) => ({
        facts: {
          kind: 'create-role',
          role: word(child(one, 'user'), 'name') ?? '',
          superuser: false,
          options: [],
        },
      }));
    default:
      return [{ facts: { kind: 'other' } }];
  }
}

function createTable(tree: Tree, context: MysqlContext): Made[] {
  const table = relationOf(children(tree, 'table')[0], context);
  const ifNotExists = lower(tree, 'if_not_exists') !== '';
  const persistence = lower(tree, 'temporary') === '' ? 'permanent' : 'temporary';
  const definitions = children(tree, 'create_definitions');
  if (child(tree, 'query_expr') && definitions.length === 0)
    return [{ facts: { kind: 'create-table-as', table, ifNotExists, persistence, withData: true } }];
  const columns: Column[] = [];
  const constraints: Constraint[] = [];
  const indexes: Made[] = [];
  const open = context.lexemes.findIndex((lexeme) => token(context.text, lexeme) === '(');
  const { list, after } = items(open + 1, context);
  for (const [index, definition] of definitions.entries()) {
    const span = (list.length === definitions.length ? list[index] : undefined) ?? context.span;
    const resource = lower(definition, 'resource');
    if (resource === 'column') columns.push(column(definition, span, context));
    else if (resource === 'constraint') constraints.push(constraint(definition, span, context));
    else if (resource === 'index')
      indexes.push({ span, facts: indexFacts(definition, span, table, context) });
  }
  // MySQL copies everything but foreign keys (create-table-like of its documentation).
  const including = ['constraints', 'defaults', 'generated', 'indexes'];
  const like = children(child(tree, 'like'), 'table').map((model) => ({
    ...relationOf(model, context),
    including,
  }));
  const partitionBy = partitioning(after, context);
  const facts: Made = {
    facts: {
      kind: 'create-table',
      table,
      ifNotExists,
      persistence,
      columns,
      constraints,
      isDefaultPartition: false,
      inherits: [],
      like,
      options: tableOptions(tree),
      ...(partitionBy ? { partitionBy } : {}),
    },
  };
  return [facts, ...indexes];
}

function tableOptions(tree: Tree): Readonly<Record<string, string>> {
  const options: Record<string, string> = Object.create(null);
  for (const option of children(tree, 'table_options')) {
    const value = option.value;
    options[lower(option, 'keyword').replace(/^default /, '')] = word(option, 'value') ?? String(value);
  }
  return options;
}

/** PARTITION BY [LINEAR] RANGE | LIST | HASH | KEY [COLUMNS] (…), which the parser does not read. */
function partitioning(
  from: number,
  { text, lexemes }: MysqlContext,
): { strategy: string; columns: string[] } | undefined {
  const at = partitionClause(from, { text, lexemes });
  if (at === -1) return undefined;
  const open = lexemes.findIndex((lexeme, index) => index > at && token(text, lexeme) === '(');
  const words = lexemes.slice(at + 2, open).map((lexeme) => token(text, lexeme));
  const close = lexemes.findIndex((lexeme, index) => index > open && token(text, lexeme) === ')');
  const columns = lexemes
    .slice(open + 1, close)
    .filter(
      (lexeme, index, all) =>
        (lexeme.kind === 'word' || lexeme.kind === 'quoted-identifier') &&
        token(text, all[index + 1]) !== '(',
    )
    .map((lexeme) => text.slice(lexeme.start, lexeme.end).replace(/^`|`$/g, ''));
  return {
    strategy: words
      .filter((word) => word !== 'LINEAR' && word !== 'COLUMNS')
      .join(' ')
      .toLowerCase(),
    columns,
  };
}

/** Index of the lexeme PARTITION of `PARTITION BY`, outside parentheses. */
export function partitionClause(
  from: number,
  { text, lexemes }: Pick<MysqlContext, 'text' | 'lexemes'>,
): number {
  return lexemes.findIndex(
    (lexeme, index) =>
      index >= from && token(text, lexeme) === 'PARTITION' && token(text, lexemes[index + 1]) === 'BY',
  );
}

function createIndex(tree: Tree, context: MysqlContext): Made {
  const index = word(tree, 'index');
  const kind = lower(tree, 'index_type');
  const using =
    child(tree, 'index_using') ??
    children(tree, 'index_options').find((option) => lower(option, 'keyword') === 'using');
  return {
    facts: {
      kind: 'create-index',
      table: relationOf(child(tree, 'table'), context),
      columns: indexColumns(children(tree, 'index_columns'), context.span, context),
      include: [],
      unique: kind === 'unique',
      // InnoDB builds indexes beside reads and writes by itself; CONCURRENTLY is PostgreSQL's.
      concurrently: false,
      ifNotExists: false,
      method: indexMethod(kind, using),
      ...(index === undefined ? {} : { index }),
    },
  };
}
