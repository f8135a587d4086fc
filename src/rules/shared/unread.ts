import type { CheckedSection } from '../rule.ts';

/** A section does something to the schema that was not read: absence after it proves nothing. */
export function hasUnreadSteps({ sql }: CheckedSection): boolean {
  if (sql.errors.length > 0) return true;
  // What stands in a function runs when it is called, not here.
  const inFunctions = new Set<number>();
  for (const statement of sql.statements) {
    if (statement.kind === 'create-function' && statement.body) inFunctions.add(statement.body.span.start);
    if (statement.kind === 'do' && statement.body.dynamic.length > 0) return true;
  }
  return sql.notAnalysed.some(({ span }) => !inFunctions.has(span.start));
}
