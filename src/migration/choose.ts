import { closest } from './did-you-mean.ts';
import type { SealedMigration } from './plan.ts';
import type { Judged, Stood } from './standing.ts';

export interface UpChoice {
  /** Id of the last one to run. */
  readonly target?: string | undefined;
  /** Ids of which alone some are run; of a release. */
  readonly within?: ReadonlySet<string> | undefined;
  /** At most so many. */
  readonly steps?: number | undefined;
  /** Goes on past order, missing files and dependencies; never past an edited file. */
  readonly force: boolean;
  readonly outOfOrder: 'strict' | 'allow';
}

export type Chosen =
  | {
      readonly ok: true;
      readonly migrations: readonly SealedMigration[];
      /** What was gone past because it was forced. */
      readonly past: readonly string[];
    }
  | {
      readonly ok: false;
      readonly reasonCode: 'history-disagrees' | 'dependencies-broken' | 'usage';
      readonly problems: readonly string[];
      readonly next: string;
    };

/** What an up runs: nothing that history and files disagree about, and only up to where it was asked for. */
export function chooseUp(judged: Judged, choice: UpChoice): Chosen {
  const { all, pending } = judged;
  const edited = all.filter(({ standing }) => standing === 'edited');
  if (edited.length > 0)
    return {
      ok: false,
      reasonCode: 'history-disagrees',
      problems: edited.map(({ id, name }) => `${id} ${name} was applied, and its file is another one since.`),
      next: `put the file back and write a new migration; where the edit is deliberate: airlock repair ${edited[0]?.id}`,
    };
  const order = orderProblems(judged, choice);
  if (order.length > 0 && !choice.force)
    return {
      ok: false,
      reasonCode: 'history-disagrees',
      problems: order,
      next: 'airlock status tells where each stands; --force goes past it',
    };
  const dependencies = dependencyProblems(judged);
  if (dependencies.length > 0 && !choice.force)
    return {
      ok: false,
      reasonCode: 'dependencies-broken',
      problems: dependencies,
      next: 'correct the metadata; --force runs them in the order of their ids',
    };
  const cut = upTo(all, pending, choice);
  if ('ok' in cut) return cut;
  return {
    ok: true,
    migrations: cut.flatMap(({ sealed }) => sealed ?? []),
    past: [...order, ...dependencies],
  };
}

function orderProblems({ all, pending }: Judged, { outOfOrder }: UpChoice): string[] {
  const gone = all
    .filter(({ standing, sealed }) => standing === 'missing' || (standing === 'running' && !sealed))
    .map(({ id, name, standing }) =>
      standing === 'running'
        ? `${id} ${name} was left in the middle, and its file is gone.`
        : `${id} ${name} was applied, and its file is gone.`,
    );
  const late = outOfOrder === 'allow' ? [] : pending.filter((stood) => stood.outOfOrder);
  return [...gone, ...late.map(({ id, name }) => `${id} ${name} sorts before a migration that was applied.`)];
}

function dependencyProblems({ unknownDependencies, cycles }: Judged): string[] {
  return [
    ...unknownDependencies.map(
      ({ migration: { id }, dependency, suggestion }) =>
        `${id} depends on ${JSON.stringify(dependency)}, which is no migration here${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`,
    ),
    ...cycles.map((cycle) => `these wait for each other: ${cycle.join(' → ')}`),
  ];
}

function upTo(
  all: readonly Stood[],
  pending: readonly Stood[],
  { target, steps, within }: UpChoice,
): readonly Stood[] | Extract<Chosen, { ok: false }> {
  if (target === undefined) return pending.slice(0, steps);
  const at = all.findIndex(({ id }) => id === target);
  if (at === -1) {
    const near = closest(
      target,
      all.map(({ id }) => id),
    );
    return {
      ok: false,
      reasonCode: 'usage',
      problems: [
        `there is no migration ${JSON.stringify(target)}${near === undefined ? '' : `; did you mean ${near}?`}`,
      ],
      next: 'airlock status lists what is there',
    };
  }
  const last = pending.findIndex(({ id }) => id === target);
  const before = new Set(all.slice(0, at + 1).map(({ id }) => id));
  // What stands before it in the files, and what it depends on.
  return pending
    .filter(({ id }, place) => (before.has(id) || place < last) && (within?.has(id) ?? true))
    .slice(0, steps);
}

export interface DownChoice {
  /** At most so many; undefined with a target: all after it. */
  readonly steps?: number | undefined;
  /** Id of the newest one that stays. */
  readonly target?: string | undefined;
  /** Ids that stay, whenever they were applied: those of the release that is the target, and of all before it. */
  readonly within?: ReadonlySet<string> | undefined;
}

export type ChosenDown =
  | { readonly ok: true; readonly ids: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[]; readonly next: string };

/** What a down takes back. `applied`: ids in the order in which they were applied. */
export function chooseDown(applied: readonly string[], { steps, target, within }: DownChoice): ChosenDown {
  const newest = [...applied].reverse();
  if (target === undefined) return { ok: true, ids: newest.slice(0, steps ?? 1) };
  const at = newest.indexOf(target);
  if (at === -1)
    return {
      ok: false,
      problems: [`${JSON.stringify(target)} is not applied, so it cannot be the one that stays.`],
      next: 'airlock status lists what is applied',
    };
  const going = within ? newest.filter((id) => !within.has(id)) : newest.slice(0, at);
  return { ok: true, ids: going.slice(0, steps) };
}
