import type { Migration } from './migration.ts';

/**
 * Compares two sort keys by code unit. Not `localeCompare`: the order of execution must not depend on
 * the locale of the machine.
 */
export function compareIds(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Compares migrations in order of execution; those that share an id by the path of their up. */
export function compareMigrations(left: Migration, right: Migration): number {
  return compareIds(left.sortKey, right.sortKey) || compareIds(left.up.file.path, right.up.file.path);
}

/** A new array in order of execution. */
export function inOrder(migrations: readonly Migration[]): Migration[] {
  return [...migrations].sort(compareMigrations);
}
