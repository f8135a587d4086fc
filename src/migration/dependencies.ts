import { closest } from './did-you-mean.ts';
import type { Migration } from './migration.ts';

interface UnknownDependency {
  readonly migration: Migration;
  readonly dependency: string;
  /** An id that was probably meant. */
  readonly suggestion?: string | undefined;
}

export interface DependencyReport {
  /** Each migration after all that it depends on, else in the order given. Those of a cycle come last, in that order. */
  readonly order: readonly Migration[];
  readonly unknown: readonly UnknownDependency[];
  /** Ids along each cycle; the first stands again at the end. */
  readonly cycles: readonly (readonly string[])[];
}

/**
 * Looks at `metadata.dependencies` of migrations that are given in order of their ids. `asked`: whose dependencies
 * matter; what has been applied waits for nothing any more.
 */
export function resolveDependencies(
  migrations: readonly Migration[],
  asked: (migration: Migration) => boolean = () => true,
): DependencyReport {
  const positions = new Map<string, number>();
  migrations.forEach(({ id }, index) => {
    if (!positions.has(id)) positions.set(id, index);
  });
  const unknown: UnknownDependency[] = [];
  const needs = migrations.map((migration) => {
    const found = new Set<number>();
    for (const dependency of (asked(migration) && migration.metadata?.dependencies) || []) {
      const position = positions.get(dependency);
      if (position !== undefined) found.add(position);
      else unknown.push({ migration, dependency, suggestion: closest(dependency, positions.keys()) });
    }
    return found;
  });
  const order = orderByNeeds(needs);
  const placed = new Set(order);
  const stuck = needs.map((_, index) => index).filter((index) => !placed.has(index));
  return {
    order: [...order, ...stuck].flatMap((index) => migrations[index] ?? []),
    unknown,
    cycles: findCycles(needs, stuck).map((cycle) => cycle.map((index) => migrations[index]?.id ?? '')),
  };
}

/** Kahn's algorithm: what waited for a later migration runs as soon as it may, the lowest index first. */
function orderByNeeds(needs: readonly ReadonlySet<number>[]): number[] {
  const missing = needs.map((need) => need.size);
  const dependents = needs.map((): number[] => []);
  needs.forEach((need, index) => {
    for (const other of need) dependents[other]?.push(index);
  });
  const order: number[] = [];
  for (let next = 0; next < needs.length; next++) {
    if (missing[next] !== 0) continue;
    const ready = [next];
    for (let index = ready.shift(); index !== undefined; index = ready.shift()) {
      order.push(index);
      for (const dependent of dependents[index] ?? []) {
        missing[dependent] = (missing[dependent] ?? 0) - 1;
        if (missing[dependent] === 0 && dependent < next) ready.push(dependent);
      }
      ready.sort((left, right) => left - right);
    }
  }
  return order;
}

/** One cycle for each group of migrations that wait for each other. Iterative: chains may be thousands long. */
function findCycles(needs: readonly ReadonlySet<number>[], stuck: readonly number[]): number[][] {
  const among = new Set(stuck);
  const seen = new Set<number>();
  const cycles: number[][] = [];
  for (const start of stuck) {
    const path: number[] = [];
    const places = new Map<number, number>();
    let at: number | undefined = start;
    // Every stuck migration needs another stuck one, so that this walk ends in a cycle or in one seen before.
    while (at !== undefined && !seen.has(at) && !places.has(at)) {
      places.set(at, path.length);
      path.push(at);
      at = [...(needs[at] ?? [])].find((need) => among.has(need));
    }
    const place = at === undefined ? undefined : places.get(at);
    if (place !== undefined && at !== undefined) cycles.push([...path.slice(place), at]);
    for (const index of path) seen.add(index);
  }
  return cycles;
}
