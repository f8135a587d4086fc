import type { CheckedMigration, CheckedSection } from '../rule.ts';

/** Something that the ups do to the schema could not be read: absence after it proves nothing. */
export function hasUnread(migrations: readonly CheckedMigration[]): boolean {
  return migrations.some(({ up }) => isUnread(up));
}

function isUnread({ sql }: CheckedSection): boolean {
  if (sql.errors.length > 0) return true;
  // What stands in a function runs when it is called, not here.
  const inFunctions = new Set<number>();
  for (const statement of sql.statements) {
    if (statement.kind === 'create-function' && statement.body) inFunctions.add(statement.body.span.start);
    if (
      statement.kind === 'do' &&
      (statement.body.dynamic.length > 0 || statement.body.notAnalysed !== undefined)
    )
      return true;
  }
  return sql.notAnalysed.some(({ span }) => !inFunctions.has(span.start));
}
