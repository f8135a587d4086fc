import type { Migration, ReadingProblem } from './migration.ts';
import { inOrder } from './ordering.ts';
import { firstLine } from './sections.ts';

/**
 * A problem for every migration whose id an earlier one has. Ids are the same when their sort keys are: for a
 * layout that compares numbers, 1 and 001 are one version.
 */
export function duplicateIds(migrations: readonly Migration[]): ReadingProblem[] {
  const problems: ReadingProblem[] = [];
  let first: Migration | undefined;
  for (const migration of inOrder(migrations)) {
    if (first === undefined || first.sortKey !== migration.sortKey) {
      first = migration;
      continue;
    }
    problems.push({
      ruleId: 'duplicate-id',
      file: migration.up.file,
      span: firstLine(migration.up.file),
      message: `Id ${migration.id} is already the id of ${first.up.file.path}`,
      fix: 'Give the newer of the two an id of its own that sorts after every merged migration.',
      migrationId: migration.id,
    });
  }
  return problems;
}
