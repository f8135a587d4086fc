import type { Span } from '../../sql/source.ts';
import type { Column, Relation, Statement, TypeName } from '../../sql/statement.ts';
import type { Fix, Problem, Rule, StatementContext } from '../rule.ts';
import { identifier, quoted } from './names.ts';

/** A column that a statement gives a type: a new one, or one whose type it changes to another. */
export interface TypedColumn {
  readonly table: Relation;
  readonly name: string;
  readonly type: TypeName;
  readonly form: 'create-table' | 'add-column' | 'alter-type';
  /** The definition of a new column. */
  readonly column?: Column | undefined;
  /** What a changed column was before, where that is known. */
  readonly from?: TypeName | undefined;
}

type Judge = (
  column: TypedColumn,
  context: StatementContext,
  statement: Statement,
) => (Omit<Problem, 'span'> & { readonly span?: Span | undefined }) | undefined;

/** Checks that put one question to every column that gets a type; the problem stands at the type. */
export function typeChecks(judge: Judge): NonNullable<Rule['statements']> {
  return {
    'create-table': (statement, context) => problems(statement, context, judge),
    'alter-table': (statement, context) => problems(statement, context, judge),
  };
}

function* problems(statement: Statement, context: StatementContext, judge: Judge): Generator<Problem> {
  if (last?.statement !== statement) last = { statement, columns: [...typedColumns(statement, context)] };
  const alike = new Map<string, ColumnProblem[]>();
  for (const column of last.columns) {
    const found = judge(column, context, statement);
    if (!found) continue;
    const { name } = column;
    const problem = { span: context.nested ? statement.span : column.type.span, ...found };
    const said = `${found.severity ?? ''} ${found.message.replaceAll(quoted(name), '""')}`;
    const others = alike.get(said);
    if (others) others.push({ name, problem });
    else alike.set(said, [{ name, problem }]);
  }
  for (const group of alike.values()) yield* together(group);
}

interface ColumnProblem {
  readonly name: string;
  readonly problem: Problem;
}

/** Columns of one statement that have the same problem are one problem, at the first of them. */
function* together([first, ...others]: readonly ColumnProblem[]): Generator<Problem> {
  if (!first) return;
  const { problem } = first;
  if (others.length === 0) {
    yield problem;
    return;
  }
  const fixes = [problem.fix, ...others.map((other) => other.problem.fix)].flatMap((fix) =>
    fix && !fix.newMigrations ? [fix] : [],
  );
  const { fix } = problem;
  const whole = fix && fixes.length === others.length + 1;
  yield {
    ...problem,
    message: `${problem.message} The same goes for ${others.map(({ name }) => quoted(name)).join(', ')}.`,
    fix: whole
      ? {
          ...fix,
          title: `${fix.title}; the same for ${others.map(({ name }) => identifier(name)).join(', ')}`,
          edits: fixes.flatMap(({ edits }) => edits),
        }
      : undefined,
  };
}

/** A dozen rules ask for the columns of a statement, one after the other. */
let last: { readonly statement: Statement; readonly columns: readonly TypedColumn[] } | undefined;

/** Left out: temporary tables, which end with the session, and foreign tables, whose types the other server decides. */
function* typedColumns(statement: Statement, context: StatementContext): Generator<TypedColumn> {
  if (statement.kind === 'create-table') {
    if (statement.persistence === 'temporary' || statement.node === 'CreateForeignTableStmt') return;
    if (statement.ifNotExists && context.catalog.table(statement.table)) return;
    for (const column of statement.columns) {
      const { name, type } = column;
      if (type) yield { table: statement.table, name, type, form: 'create-table', column };
    }
  }
  if (statement.kind !== 'alter-table' || statement.objectType !== 'table') return;
  const { table } = statement;
  const known = context.catalog.table(table);
  if (known?.persistence === 'temporary') return;
  for (const action of statement.actions) {
    if (action.action === 'add-column') {
      const { name, type } = action.column;
      if (type && !(action.ifNotExists && known?.columns.has(name)))
        yield { table, name, type, form: 'add-column', column: action.column };
    } else if (action.action === 'alter-type') {
      const from = known?.columns.get(action.column)?.type;
      yield { table, name: action.column, type: action.type, form: 'alter-type', from };
    }
  }
}

/** Offers another type for the column; nothing for a type in a DO block, whose place in the file is not known. */
export function offerType(
  { name, type }: TypedColumn,
  { nested }: StatementContext,
  text: string,
): { fix?: Fix } {
  if (nested) return {};
  const { span } = type;
  return {
    fix: {
      title: `Make ${identifier(name)} ${text}`,
      edits: [{ ...span, text: type.array ? `${text}[]` : text }],
      onlyOffered: true,
    },
  };
}

/** The column had a type of that name already; only its modifiers change. */
export function keepsName({ from, type }: TypedColumn): boolean {
  return from?.name === type.name && from.schema === type.schema && from.array === type.array;
}
