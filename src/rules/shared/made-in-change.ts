import type { Catalog } from '../../sql/catalog/catalog.ts';
import type { ObjectName, Statement } from '../../sql/statement.ts';
import type { CheckedMigration, CheckedSection } from '../rule.ts';
import { statementsOfKind } from './section-memo.ts';

/** The relation a statement makes, under the name it has afterwards. */
export function relationMade(
  statement: Statement,
): { readonly name: ObjectName; readonly guarded: boolean } | undefined {
  switch (statement.kind) {
    case 'create-table':
    case 'create-table-as':
      return { name: statement.table, guarded: statement.ifNotExists };
    case 'create-materialized-view':
      return { name: statement.view, guarded: statement.ifNotExists };
    case 'create-view':
      return { name: statement.view, guarded: statement.orReplace };
    case 'create-sequence':
      return { name: statement.sequence, guarded: statement.ifNotExists };
    case 'rename':
      return statement.relation &&
        ['table', 'view', 'materialized-view', 'sequence', 'foreign-table'].includes(statement.objectType)
        ? { name: { schema: statement.relation.schema, name: statement.to }, guarded: false }
        : undefined;
    case 'set-schema':
      return { name: { schema: statement.to, name: statement.object.name }, guarded: false };
    default:
      return undefined;
  }
}

/** Keys of the relations that the ups of a change make and that were not there before: nobody uses them yet. */
export function madeInChange(changed: readonly CheckedMigration[], before: Catalog): ReadonlySet<string> {
  const made = known.get(changed) ?? lookUp(changed, before);
  known.set(changed, made);
  return made;
}

/** Several rules ask it of the same change. */
const known = new WeakMap<readonly CheckedMigration[], ReadonlySet<string>>();

function lookUp(changed: readonly CheckedMigration[], before: Catalog): ReadonlySet<string> {
  const made = new Set<string>();
  for (const { up } of changed) {
    for (const { statement } of statementsOfKind(up, ...MAKING)) {
      const relation = relationMade(statement);
      if (!relation || before.table(relation.name)) continue;
      // What is only renamed was in use under its old name.
      if (statement.kind === 'rename' && statement.relation && !made.has(before.key(statement.relation)))
        continue;
      if (statement.kind === 'set-schema' && !made.has(before.key(statement.object))) continue;
      made.add(before.key(relation.name));
    }
  }
  return made;
}

const MAKING = [
  'create-table',
  'create-table-as',
  'create-materialized-view',
  'create-view',
  'create-sequence',
  'rename',
  'set-schema',
] as const;

/** Every section of a migration that was read. */
export function sectionsOf(migration: CheckedMigration): CheckedSection[] {
  return [migration.up, migration.down, migration.verify].filter((section) => section !== undefined);
}
