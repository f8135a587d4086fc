import type { CatalogTable } from '../../sql/catalog/catalog.ts';
import type { Span } from '../../sql/source.ts';
import type { Relation } from '../../sql/statement.ts';
import type { ChangeContext, CheckedMigration } from '../rule.ts';
import { statementsOfKind } from './section-memo.ts';

/** A table whose row security the change touches, at the last place that does so. */
export interface TouchedTable {
  readonly relation: Relation;
  readonly migration: CheckedMigration;
  readonly span: Span;
  /** ENABLE ROW LEVEL SECURITY is part of the change. */
  readonly enabled: boolean;
  /** As the change leaves it; undefined where no migration here made it. */
  readonly after?: CatalogTable | undefined;
}

/** Tables for which the ups of the change enable row security or make and drop policies. */
export function rowSecurityTouched(context: ChangeContext): readonly TouchedTable[] {
  const touched = new Map<string, TouchedTable>();
  for (const migration of context.changed) {
    for (const { statement } of statementsOfKind(migration.up, 'alter-table', 'create-policy', 'drop')) {
      const relation =
        statement.kind === 'alter-table' && statement.actions.some(({ action }) => action === 'enable-rls')
          ? statement.table
          : statement.kind === 'create-policy'
            ? statement.table
            : statement.kind === 'drop' && statement.objectType === 'policy'
              ? statement.onTable
              : undefined;
      if (!relation) continue;
      const key = context.after.key(relation);
      const enabled = statement.kind === 'alter-table';
      const earlier = touched.get(key);
      const place = enabled || !earlier?.enabled ? { migration, span: statement.span } : earlier;
      touched.set(key, {
        relation,
        migration: place.migration,
        span: place.span,
        enabled: enabled || earlier?.enabled === true,
        after: context.after.table(relation),
      });
    }
  }
  return [...touched.values()];
}

/** Keys of tables for which some migration makes a policy: what is known of tables that no migration here made. */
export function tablesWithPolicies(context: ChangeContext): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { up } of context.all) {
    for (const { statement } of statementsOfKind(up, 'create-policy'))
      keys.add(context.after.key(statement.table));
  }
  return keys;
}
