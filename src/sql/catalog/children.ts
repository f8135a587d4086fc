import type { CatalogTable, Inheritance } from './catalog.ts';

/** Keys of the partitions of a table and of the tables that inherit from it. */
export function childrenOf(table: CatalogTable): string[] {
  return [...table.partitions, ...table.heirs];
}

export function inheritedByOneMore(inheritance: Inheritance | undefined): Inheritance {
  return { local: inheritance?.local ?? true, parents: (inheritance?.parents ?? 0) + 1 };
}

/** Undefined: no parent gives it any more, and it is the table's own. */
export function inheritedByOneLess(inheritance: Inheritance | undefined): Inheritance {
  return { local: inheritance?.local ?? true, parents: Math.max(0, (inheritance?.parents ?? 0) - 1) };
}

/** Neither the table itself nor a parent declares it any more. */
export function isAbandoned(inheritance: Inheritance | undefined): boolean {
  return inheritance !== undefined && !inheritance.local && inheritance.parents === 0;
}
