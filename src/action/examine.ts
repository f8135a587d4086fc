import { tmpdir } from 'node:os';
import type { FailOn } from '../configuration/configuration.ts';
import { layouts } from '../migration/layouts/registry.ts';
import type { Result } from '../report/result.ts';
import { registry } from '../rules/registry.ts';
import type { SourceFile } from '../sql/source.ts';
import { checkProject } from '../validate-project.ts';
import { baseConfiguration, configurationPaths } from './base-configuration.ts';
import { type ChangedFile, changedFiles, changeOf } from './changed-files.ts';
import { checkedOutCommit, isUnderReview, workspaceOf } from './checkout.ts';
import { configurationChanged } from './configuration-changed.ts';
import { readContent } from './content.ts';
import type { ActionEvent } from './event.ts';
import type { GitHub } from './github.ts';
import type { Inputs } from './inputs.ts';
import { proofOf } from './proof.ts';
import { prepareSources } from './sources.ts';
import { ending, withFindings } from './verdict.ts';

export interface Examination {
  readonly inputs: Inputs;
  readonly event: ActionEvent;
  readonly github: GitHub | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** dist/chamber.js. */
  readonly chamber: string;
  /** A line of the job's log, at once. */
  readonly say: (line: string) => void;
}

export interface Examined {
  readonly result: Result;
  /** For people: where the change, its files and its rules were read from. */
  readonly notes: readonly string[];
  readonly failOn: FailOn;
  readonly files: readonly ChangedFile[];
  /** Texts that findings point into. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/** From the event to its result: configuration of the base commit, changed files, their texts, validator and proof. */
export async function examine({ inputs, event, github, env, chamber, say }: Examination): Promise<Examined> {
  const nothing = reasonToStop(event, inputs);
  if (nothing !== undefined) return stopped(nothing);
  const notes: string[] = [];
  const workspace = workspaceOf(env);
  const known = { rules: [...registry.values()], layouts: [...layouts.keys()] };

  const base = await baseConfiguration({ event, inputs, github, workspace, env, known });
  if (!base.ok) return stopped(ending(base.reasonCode, base.message, base.next), notes);
  notes.push(base.said);
  const { configuration } = base;

  const commit = await checkedOutCommit(workspace);
  const checkout = isUnderReview(event, commit, env.GITHUB_SHA) ? workspace : undefined;
  const changed = await changedFiles(event, github, checkout);
  notes.push(changed.said);

  const sources = await prepareSources({
    event,
    github,
    workspace: workspace.root,
    standsAt: checkout && commit,
    temporary: env.RUNNER_TEMP ?? tmpdir(),
    directories: configuration.directories,
    named: configuration.sizes === undefined ? [] : [configuration.sizes],
  });
  if (!sources.ok) return stopped(ending('github-failed', sources.message, sources.next), notes);
  notes.push(sources.said);

  const contentAt = (commit: string) => async (path: string) => {
    const read = await readContent(github, workspace, commit, path);
    // Absence is an answer, a failed request is not: judging without the text would judge wrongly.
    if (!read.ok)
      throw new ContentUnreadable(`${path} at ${commit.slice(0, 12)} could not be read: ${read.reason}.`);
    return read.text;
  };
  const proposal = event.kind === 'pull-request' || event.kind === 'merge-group';
  const readTrusted = (path: string) =>
    readContent(github, workspace, proposal ? event.base : event.head, path);
  const checked = await checkProject({
    root: sources.root,
    configuration,
    change: changed.files && changeOf(changed.files),
    contentAtBase: event.kind === 'manual' || event.base === undefined ? undefined : contentAt(event.base),
    env: workspace.env,
    prove: proofOf({ inputs, event, configuration, readTrusted, env, chamber, say }),
  });
  if (!inputs.proof) notes.push('Nothing was run: the input "proof" is false.');

  const files = changed.files ?? [];
  const contentAtHead = contentAt(event.head);
  const paths = configurationPaths(inputs);
  const own = proposal
    ? await configurationChanged({ files, paths, configuration, known, contentAtHead })
    : [];
  const result = withFindings(checked.result, own);
  return { result, notes, failOn: configuration.failOn, files, sources: checked.sources };
}

/** An end before anything was judged. */
export function stopped(result: Result, notes: readonly string[] = []): Examined {
  return { result, notes, failOn: 'error', files: [], sources: new Map() };
}

function reasonToStop(event: ActionEvent, inputs: Inputs): Result | undefined {
  if (event.kind === 'push' && event.deleted) return ending('nothing-to-do', 'The branch was deleted.');
  if (event.kind !== 'pull-request') return undefined;
  if (event.closed) return ending('nothing-to-do', 'The pull request was closed.');
  if (!event.fork || inputs.forks !== 'refuse') return undefined;
  const message = 'Pull requests from forks are refused by the input "forks": nothing was checked.';
  return ending(
    'fork-refused',
    message,
    'push the branch to this repository, or set the input forks: validate',
  );
}

/** A file of a commit that must be known and cannot be read, neither through the API nor with git. */
export class ContentUnreadable extends Error {}
