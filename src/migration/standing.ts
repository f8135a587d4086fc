import { resolveDependencies } from './dependencies.ts';
import type { Migration } from './migration.ts';
import { compareIds } from './ordering.ts';
import type { SealedMigration } from './plan.ts';

export type HistoryStatus = 'running' | 'applied' | 'failed' | 'rolled_back' | 'baselined' | 'superseded';

/** What the history of a database says of one migration: its newest row. */
export interface Recorded {
  readonly id: string;
  readonly name: string;
  readonly checksum: string;
  readonly status: HistoryStatus;
  /** As the server writes it. */
  readonly at: string;
  readonly statementsDone: number;
  readonly statementsTotal?: number | undefined;
  /** One more than are done where a run was cut off in the middle of one. */
  readonly statementsBegun?: number | undefined;
  readonly error?: string | undefined;
}

/**
 * Where one migration stands on one database. `edited`: applied, and its file is another one since; `missing`: applied,
 * and its file is gone.
 */
type Standing = 'applied' | 'baselined' | 'pending' | 'failed' | 'running' | 'edited' | 'missing';

export interface Stood {
  readonly id: string;
  readonly name: string;
  readonly standing: Standing;
  /** To be run although a later one was applied before. */
  readonly outOfOrder: boolean;
  readonly sealed?: SealedMigration | undefined;
  readonly recorded?: Recorded | undefined;
}

export interface Judged {
  /** In the order of the files; those without a file come first, in the order of the history. */
  readonly all: readonly Stood[];
  /** What an up would run, each after what it depends on. */
  readonly pending: readonly Stood[];
  readonly unknownDependencies: ReturnType<typeof resolveDependencies>['unknown'];
  readonly cycles: ReturnType<typeof resolveDependencies>['cycles'];
}

/** Holds files against history. `sealed` is in order of execution; `recorded` has each migration once. */
export function judgeStanding(sealed: readonly SealedMigration[], recorded: readonly Recorded[]): Judged {
  const records = new Map(recorded.map((each) => [each.id, each]));
  const files = new Map(sealed.map((each) => [each.migration.id, each]));
  const last = sealed.findLast(({ migration }) => !migration.repeatable && isDone(records.get(migration.id)))
    ?.migration.sortKey;
  const stood = sealed.map((each) => standOf(each, records.get(each.migration.id), last));
  const missing = recorded
    .filter((record) => !files.has(record.id) && (isDone(record) || record.status === 'running'))
    .map(
      (record): Stood => ({
        id: record.id,
        name: record.name,
        standing: record.status === 'running' ? 'running' : 'missing',
        outOfOrder: false,
        recorded: record,
      }),
    );
  const waiting = stood.filter(toBeRun);
  if (waiting.length === 0)
    return { all: [...missing, ...stood], pending: [], unknownDependencies: [], cycles: [] };
  const asked = new Set(waiting.map(({ sealed: file }) => file?.migration));
  const { order, unknown, cycles } = resolveDependencies(
    sealed.map(({ migration }) => migration),
    (migration) => asked.has(migration),
  );
  const places = new Map(order.map((migration, at) => [migration, at]));
  const place = ({ sealed: file }: Stood): number => (file && places.get(file.migration)) ?? 0;
  return {
    all: [...missing, ...stood],
    pending: waiting.sort((a, b) => place(a) - place(b)),
    unknownDependencies: unknown,
    cycles,
  };
}

/** History and files say different things, or a migration was left in the middle. */
export function disagrees({ standing, outOfOrder }: Stood): boolean {
  return standing === 'edited' || standing === 'missing' || outOfOrder;
}

export function isDone(record: Pick<Recorded, 'status'> | undefined): boolean {
  return record?.status === 'applied' || record?.status === 'baselined';
}

function toBeRun({ standing, recorded }: Stood): boolean {
  return (
    standing === 'pending' || standing === 'failed' || (standing === 'running' && recorded !== undefined)
  );
}

function standOf(sealed: SealedMigration, recorded: Recorded | undefined, last: string | undefined): Stood {
  const { migration, checksum } = sealed;
  const standing = standingOf(migration, checksum, recorded);
  return {
    id: migration.id,
    name: migration.name,
    standing,
    outOfOrder:
      !migration.repeatable &&
      (standing === 'pending' || standing === 'failed') &&
      last !== undefined &&
      compareIds(migration.sortKey, last) < 0,
    sealed,
    recorded,
  };
}

function standingOf(migration: Migration, checksum: string, recorded: Recorded | undefined): Standing {
  switch (recorded?.status) {
    case undefined:
    case 'rolled_back':
    case 'superseded':
      return 'pending';
    case 'failed':
    case 'running':
      return recorded.status;
    case 'baselined':
    case 'applied':
      if (recorded.checksum === checksum) return recorded.status;
      // It runs again whenever it changes.
      return migration.repeatable ? 'pending' : 'edited';
  }
}
