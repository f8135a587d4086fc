import type { Configuration } from '../configuration/configuration.ts';
import { environmentAddresses } from '../configuration/environment-addresses.ts';
import { ConnectionLost } from '../engine/connection.ts';
import type { FolderProof } from '../folder-proof.ts';
import { shadowOpener } from '../open-shadow.ts';
import { cacheFolder } from '../proof/base/base-cache.ts';
import { withinTime } from '../proof/time-budget.ts';
import { proofSources } from '../proof-sources.ts';
import { prover } from '../prove-folder.ts';
import { plural } from '../report/order.ts';
import type { ProjectRequest } from '../validate-project.ts';
import { actionsBases } from './base-store.ts';
import type { ContentRead } from './content.ts';
import type { ActionEvent } from './event.ts';
import type { Inputs } from './inputs.ts';

export interface ProofRequest {
  readonly inputs: Pick<Inputs, 'proof' | 'proofTimeout' | 'forks'>;
  readonly event: ActionEvent;
  /** Of the base commit on a pull request: a change does not choose what it is run in. */
  readonly configuration: Configuration;
  /** A file of the commit that the configuration is of. */
  readonly readTrusted: (path: string) => Promise<ContentRead>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** dist/chamber.js. */
  readonly chamber: string;
  /** A line of the job's log: a proof may take minutes. */
  readonly say: (line: string) => void;
}

type Prove = NonNullable<ProjectRequest['prove']>;

/**
 * The proof as a step of the check. What cannot be proven is reported as not analysed and takes nothing from what was
 * found without running anything: a machine without room for a shadow database fails no job.
 */
export function proofOf(request: ProofRequest): Prove | undefined {
  if (!request.inputs.proof) return undefined;
  const prove = proverFor(request);
  return async (validation, settings, policy) => {
    const none = (because: string): FolderProof => notProven(validation, because);
    if (validation.checked.length === 0) return none('');
    const reason = reasonNotToRun(request);
    if (reason !== undefined) return none(reason);
    try {
      const proven = await prove(validation, settings, policy);
      return 'because' in proven ? none(`${proven.because}; ${proven.next}`) : proven;
    } catch (error) {
      // The shadow database is gone for good: it could not be made again either.
      if (error instanceof ConnectionLost) return none(error.message);
      throw error;
    }
  };
}

function proverFor({ configuration, event, env, chamber, inputs, readTrusted, say }: ProofRequest): Prove {
  const { shadow: wanted } = configuration;
  const end = performance.now() + inputs.proofTimeout * 60_000;
  const over = (): string | undefined =>
    performance.now() < end
      ? undefined
      : `the ${plural(inputs.proofTimeout, 'minute')} of the input "proof-timeout" were over`;
  const opener = shadowOpener({
    wanted,
    fork: isFork(event),
    program: chamber,
    cache: cacheFolder(env),
    remote: () => actionsBases(env, say),
    env,
    environments: environmentAddresses(configuration, env),
  });
  const open = async (...asked: Parameters<typeof opener>): ReturnType<typeof opener> => {
    const opened = await opener(...asked);
    return opened.ok ? { ...opened, shadow: withinTime(opened.shadow, over) } : opened;
  };
  const sources = (): ReturnType<typeof proofSources> =>
    proofSources(wanted, async (path) => {
      const read = await readTrusted(path);
      if (!read.ok) return { problem: `could not be read: ${read.reason}` };
      return read.text === undefined ? { problem: 'does not exist' } : { text: read.text };
    });
  return prover(Object.assign(open, { expect: opener.expect, drop: opener.drop }), sources, {
    over,
    proving: ({ checked }) => say(`Proving ${checked.migration.id} in the shadow database.`),
  });
}

function isFork(event: ActionEvent): boolean {
  return event.kind === 'pull-request' && event.fork;
}

function reasonNotToRun({ event, inputs, configuration }: ProofRequest): string | undefined {
  if (configuration.dialect !== 'postgres')
    return 'only PostgreSQL migrations are run, and the configuration says dialect: mysql';
  if (event.kind !== 'pull-request' || !event.fork) return undefined;
  // With the secrets of the base repository beside it, one lock is not enough.
  if (event.privileged)
    return 'nothing of a pull request from a fork is run on pull_request_target; use pull_request for that';
  return inputs.forks === 'prove'
    ? undefined
    : 'nothing of a pull request from a fork is run; forks: prove allows it, in the embedded database only';
}

/** Everything as the validation left it, with one entry that says why nothing was run. */
function notProven({ raised, ignores, checked }: Parameters<Prove>[0], because: string): FolderProof {
  const [first] = checked;
  return {
    raised,
    refuted: [],
    proofs: [],
    ignores,
    notAnalysed: first
      ? [{ file: first.migration.up.file.path, line: 1, reason: `not proven: ${because}` }]
      : [],
  };
}
