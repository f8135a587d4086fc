import { builtinVolatility } from '../postgres/builtin-functions.ts';
import type { SourceFile } from '../source.ts';
import type { AlterTableAction, Constraint, ObjectName, Statement, StatementOf } from '../statement.ts';
import type { KnownRoutine, Routines } from './routines.ts';

const NONE: readonly never[] = [];

/**
 * Functions and procedures that run when the statement does. What only makes something that calls (a view, a trigger, a
 * default, a policy, another routine) runs nothing yet.
 */
export function callsIn(statement: Statement): readonly ObjectName[] {
  switch (statement.kind) {
    case 'call':
      return [statement.procedure, ...statement.functions];
    case 'select':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
    case 'copy':
    case 'create-index':
      return statement.functions;
    case 'create-table-as':
    case 'create-materialized-view':
      return statement.withData ? statement.functions : NONE;
    case 'alter-table':
      return statement.functions.length === 0 ? NONE : statement.actions.flatMap(callsInAction);
    case 'alter-domain':
      return statement.change === 'add-constraint' ? callsInConstraint(statement.constraint) : NONE;
    case 'other':
      if (statement.node === 'ExplainStmt') return statement.inner ? statement.functions : NONE;
      // What PREPARE and DECLARE keep is there to be run.
      return RUN_LATER.has(statement.node) ? statement.functions : NONE;
    default:
      return NONE;
  }
}

const RUN_LATER: ReadonlySet<string> = new Set(['PrepareStmt', 'ExecuteStmt', 'DeclareCursorStmt']);

/** For the rows that are there: a new default counts for later ones only. */
function callsInAction(action: AlterTableAction): readonly ObjectName[] {
  switch (action.action) {
    case 'add-column': {
      const { column } = action;
      const own = [column.default, column.generated?.expression].flatMap((each) => each?.functions ?? NONE);
      return [...own, ...column.constraints.flatMap(callsInConstraint)];
    }
    case 'alter-type':
      return action.using?.functions ?? NONE;
    case 'set-expression':
      return action.expression.functions;
    case 'add-constraint':
      return callsInConstraint(action.constraint);
    default:
      return NONE;
  }
}

function callsInConstraint(constraint: Constraint | undefined): readonly ObjectName[] {
  return constraint === undefined || constraint.notValid ? NONE : (constraint.expression?.functions ?? NONE);
}

/** The bodies that a call may run. A function of PostgreSQL's own comes first unless the search_path has another. */
export function routinesCalled(routines: Routines, name: ObjectName): readonly KnownRoutine[] {
  const known = routines.called(name);
  const isElsewhere =
    name.schema === undefined && known.length > 0 && routines.volatility(name) === undefined;
  return isElsewhere && builtinVolatility(name.name) !== 'unknown' ? NONE : known;
}

const CALL = /("(?:[^"]|"")+"|[\p{L}_][\p{L}\d_$]*)\s*\(/gu;

/** Names before a parenthesis in the text of an EXECUTE that is put together: it may call what is written out in it. */
export function callsInText(text: string): readonly ObjectName[] {
  return Array.from(text.matchAll(CALL), ([, name = '']) => ({
    name: name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase(),
  }));
}

/**
 * What a CREATE FUNCTION leaves to be called; undefined where no statement can call it, where the body is the server's
 * own, and for functions of a library on the server that only compute.
 */
export function knownRoutine(
  statement: StatementOf<'create-function'>,
  schema: string,
  file: SourceFile | undefined,
): KnownRoutine | undefined {
  const { routine: name, language, returns, inputs } = statement;
  const body = statement.body ?? statement.atomic;
  if (!body || language === 'internal' || (language === 'c' && statement.volatility !== 'volatile'))
    return undefined;
  if (returns?.name === 'trigger' || returns?.name === 'event_trigger') return undefined;
  return { name, schema, inputs: inputs.join(', '), body, file };
}
