import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { environmentAddresses } from '../configuration/environment-addresses.ts';
import { readProjectText } from '../configuration/load.ts';
import { shadowOpener } from '../open-shadow.ts';
import { cacheFolder } from '../proof/base/base-cache.ts';
import { openJournal } from '../proof/journal.ts';
import type { ProofProgress } from '../proof/prove-change.ts';
import { proofSources, type SourcesRead } from '../proof-sources.ts';
import { type Begun, type OpenFor, prover } from '../prove-folder.ts';
import { plural } from '../report/order.ts';
import { visible } from '../report/visible.ts';
import type { ProjectRequest } from '../validate-project.ts';
import { verifyAfresh } from '../verify-afresh.ts';
import { version } from '../version.ts';
import type { CommandWorld } from './command.ts';
import type { OpenedProject } from './project.ts';

/**
 * The proof as a step of a check.
 *
 * @param cache folder for replayed histories, relative to where the command was typed
 * @param whole the whole history is proven, which may take long
 */
export function proving(
  world: CommandWorld,
  { configuration, env, root }: Pick<OpenedProject, 'configuration' | 'env' | 'root'>,
  cache?: string | undefined,
  whole = false,
): NonNullable<ProjectRequest['prove']> {
  const folder = cacheFolder(world.env, cache === undefined ? undefined : resolve(world.cwd, cache));
  return prover(
    ...shadowAnd({ configuration, env, root }, world, folder),
    { proving: ({ checked }) => world.log('proving', { migration: checked.migration.id }) },
    whole
      ? {
          begin: (begun) => goingOn(world, folder, begun),
          workers: Math.min(availableParallelism(), MOST_WORKERS),
        }
      : undefined,
  );
}

/** The question of `verify` as a step of a check. */
export function verifyingAfresh(
  world: CommandWorld,
  project: Pick<OpenedProject, 'configuration' | 'env' | 'root'>,
  asked: Parameters<typeof verifyAfresh>[2],
): NonNullable<ProjectRequest['prove']> {
  return verifyAfresh(...shadowAnd(project, world, cacheFolder(world.env, undefined)), asked);
}

/** What opens shadows, and what reads what they are furnished with. */
function shadowAnd(
  { configuration, env, root }: Pick<OpenedProject, 'configuration' | 'env' | 'root'>,
  world: CommandWorld,
  cache: string,
): [OpenFor, () => Promise<SourcesRead>] {
  const { shadow: wanted } = configuration;
  return [
    shadowOpener({
      wanted,
      program: world.chamber,
      cache,
      env: world.env,
      environments: environmentAddresses(configuration, env),
    }),
    () => proofSources(wanted, async (path) => readProjectText(root, path)),
  ];
}

/** A long history tells how far it is, and goes on where it was interrupted. */
async function goingOn(
  world: CommandWorld,
  folder: string,
  { changed, circumstances }: Begun,
): Promise<ProofProgress> {
  const { status, onInterrupt, printError, log, now } = world;
  const journal = await openJournal(folder, [version, ...circumstances], changed);
  const { done } = journal;
  let proven = done;
  let recalled = 0;
  let said = now().getTime();
  if (done > 0)
    printError(
      `going on after ${plural(done, 'migration')} that an interrupted run has proven (kept in ${folder})\n`,
    );
  onInterrupt?.(
    () =>
      `\ninterrupted after ${proven} of ${plural(changed.length, 'migration')}.\nnext: the same command goes on from there.\n`,
  );
  return {
    recall(provable) {
      const outcome = journal.recall(provable);
      if (outcome) recalled += 1;
      return outcome;
    },
    async proven(outcome) {
      await journal.write(outcome);
      proven += 1;
      const { id } = outcome.provable.checked.migration;
      status?.(`proven ${proven} of ${changed.length}: ${visible(id).slice(0, 40)}`);
      if (status === undefined && now().getTime() - said >= SILENCE) {
        printError(`proven ${proven} of ${changed.length}\n`);
        said = now().getTime();
      }
      if (proven % EVERY === 0) log('proven', { proven, of: changed.length, recalled });
    },
    async ended() {
      status?.('');
      await journal.end();
    },
  };
}

/** A shadow embedded takes some 350 MB. */
const MOST_WORKERS = 4;

/** Milliseconds between two lines where there is no terminal. */
const SILENCE = 10_000;

/** Migrations between two lines of the log. */
const EVERY = 25;
