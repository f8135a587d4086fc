import type { Statement, StatementKind } from '../../sql/statement.ts';
import type { Problem, Rule, StatementContext } from '../rule.ts';

type Checks = NonNullable<Rule['statements']>;
type Check = (statement: Statement, context: StatementContext) => Iterable<Problem> | undefined;

/** Kinds that other statements can stand in: EXPLAIN and PREPARE have no facts of their own. */
const AROUND = ['select', 'insert', 'update', 'delete', 'merge', 'create-table-as', 'copy', 'other'] as const;

/**
 * Checks of INSERT, UPDATE, DELETE and MERGE that also meet those inside other statements: in WITH, behind
 * EXPLAIN ANALYZE and PREPARE. Their problems stand where the inner statement does.
 */
export function dataChecks(checks: Checks): Checks {
  const all: Partial<Record<StatementKind, unknown>> = { ...checks };
  const checkOf = (kind: StatementKind): Check | undefined => checks[kind] as Check | undefined;
  for (const kind of AROUND) {
    const own = checkOf(kind);
    const check: Check = (statement, context) =>
      statement.inner ? withInner(statement, context, checkOf) : own?.(statement, context);
    all[kind] = check;
  }
  return all as Checks;
}

function* withInner(
  statement: Statement,
  context: StatementContext,
  checkOf: (kind: StatementKind) => Check | undefined,
): Generator<Problem> {
  yield* checkOf(statement.kind)?.(statement, context) ?? [];
  const nested = { ...context, nested: true };
  for (const inner of statement.inner ?? [])
    for (const problem of withInner(inner, nested, checkOf))
      yield { ...problem, span: problem.span ?? inner.span };
}
