import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { MarkdownOptions } from '../report/markdown.ts';
import { operationMarkdown } from '../report/operation-markdown.ts';
import { createRedactor, type Redactor, redactResult, secretsIn } from '../report/redact.ts';
import type { Result } from '../report/result.ts';
import { registry } from '../rules/registry.ts';
import { version } from '../version.ts';
import type { RunProgram } from './command-line.ts';
import { type ActionEvent, readEvent } from './event.ts';
import { ContentUnreadable, type Examined, examine, stopped } from './examine.ts';
import { messageOf } from './failure.ts';
import { writeFiles } from './files.ts';
import { connect, type GitHub } from './github.ts';
import { type Inputs, type InputsRead, readInputs, tokenOf } from './inputs.ts';
import { actionsLog, type Log } from './log.ts';
import { operate, pendingCount } from './operate.ts';
import type { Outputs } from './outputs.ts';
import { reportAnnotations, reportConversation } from './report.ts';
import { appendSummary, writeStepSummary } from './summary.ts';
import { ending, type Verdict, verdictOf } from './verdict.ts';

/** What the Action needs of the world around it; the door fills it in. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line of the job's log. */
  readonly print: (line: string) => void;
  readonly setOutputs: (outputs: Outputs) => void;
  /** The program of the embedded chamber, with its assets beside it. */
  readonly chamber: string;
  /** Runs one command line of Airlock, and gives its exit code. */
  readonly program: RunProgram;
}

interface Scene {
  readonly inputs: Inputs;
  readonly event: ActionEvent;
  readonly github: GitHub | undefined;
}

/** One run of the Action, whatever happens on the way. Returns whether the job fails. */
export async function runAction(world: World): Promise<boolean> {
  const redact = createRedactor([tokenOf(world.env) ?? '', ...secretsIn(world.env)]);
  const log = actionsLog(world.print, redact);
  try {
    return await runToItsEnd(world, redact, log);
  } catch (error) {
    // Disk full, no folder to write to: what can still be told is told.
    log.error(`The report could not be written: ${messageOf(error)}`);
    const verdict = verdictOf(ending('internal-error', ''), 'error');
    publish(world, log, outputsOf({ reasonCode: 'internal-error', verdict }));
    return true;
  }
}

/** Whether the outputs could be set. */
function publish({ setOutputs }: World, log: Log, outputs: Outputs): boolean {
  try {
    setOutputs(outputs);
    return true;
  } catch (error) {
    log.error(
      `The outputs of this step could not be set, so later steps see none of them: ${messageOf(error)}\nNext: make the file that GITHUB_OUTPUT names writable; the runner sets that variable, no step should.`,
    );
    return false;
  }
}

async function runToItsEnd(world: World, redact: Redactor, log: Log): Promise<boolean> {
  const { env } = world;
  const read = readInputs(env);
  if (read.ok && read.inputs.command !== 'validate') return operateToItsEnd(world, read.inputs, redact, log);
  const scene = await setScene(world, read, log);
  const examined: Examined =
    'reasonCode' in scene ? stopped(scene) : await examineSafely(world, scene, log.info);
  const result = redactResult(examined.result, redact);
  const verdict = verdictOf(result, examined.failOn);

  for (const note of examined.notes) log.info(note);
  const source = (path: string) => examined.sources.get(path);
  const rules = [...registry.values()];
  const paths = await writeFiles(env.RUNNER_TEMP ?? tmpdir(), result, { rules, version, source });
  const markdown: MarkdownOptions = { source, redact, ...addresses(env, scene) };
  const { notes, files } = examined;
  const report =
    'reasonCode' in scene
      ? undefined
      : { ...scene, log, redact, result, verdict, notes, files, markdown, source };
  const check = report && (await reportAnnotations(report));
  const comment = report && (await reportConversation(report));
  const summary = env.GITHUB_STEP_SUMMARY;
  if (summary) {
    const problem = await writeStepSummary(summary, result, notes, markdown);
    if (problem !== undefined)
      log.warning(`The step summary was not written: ${problem}. The verdict stands without it.`);
  }

  const { reasonCode, proofs, checked } = result;
  const proven = proofs !== undefined && proofs.length === checked?.migrations;
  const outputs = outputsOf({ reasonCode, verdict, proven, paths, comment, check });
  const published = publish(world, log, outputs);
  const told = [verdict.title, result.message, result.next && `Next: ${result.next}`]
    .filter(Boolean)
    .join('\n');
  if (verdict.failed) log.error(told);
  else log.info(told);
  return verdict.failed || !published;
}

/** A command of the engine, told in the log, the step summary and the outputs. */
async function operateToItsEnd(world: World, inputs: Inputs, redact: Redactor, log: Log): Promise<boolean> {
  const { env } = world;
  const { result: told, failed, title } = await operate(world, inputs, log);
  const result = redactResult(told, redact);
  const paths = await writeFiles(env.RUNNER_TEMP ?? tmpdir(), result, {
    rules: [...registry.values()],
    version,
    source: () => undefined,
  });
  const summary = env.GITHUB_STEP_SUMMARY;
  const problem =
    summary && (await appendSummary(summary, operationMarkdown(result, { title, failed, redact })));
  if (problem) log.warning(`The step summary was not written: ${problem}. What was done stands without it.`);
  const { errors, warnings, infos, risk } = verdictOf(result, inputs.failOn ?? 'error');
  const verdict = { failed, title, errors, warnings, infos, risk };
  const published = publish(world, log, outputsOf({ reasonCode: result.reasonCode, verdict, paths, result }));
  const words = [title, result.message, result.next && `Next: ${result.next}`].filter(Boolean).join('\n');
  if (failed) log.error(words);
  else log.info(words);
  return failed || !published;
}

interface Ended {
  readonly reasonCode: Result['reasonCode'];
  readonly verdict: Verdict;
  readonly proven?: boolean | undefined;
  readonly paths?: { readonly result: string; readonly sarif: string } | undefined;
  /** Addresses. */
  readonly comment?: string | undefined;
  readonly check?: string | undefined;
  /** Of a command of the engine. */
  readonly result?: Result | undefined;
}

function outputsOf({ reasonCode, verdict, proven, paths, comment, check, result }: Ended): Outputs {
  return {
    'reason-code': reasonCode,
    result: paths?.result ?? '',
    sarif: paths?.sarif ?? '',
    errors: String(verdict.errors),
    warnings: String(verdict.warnings),
    infos: String(verdict.infos),
    risk: verdict.risk,
    proven: String(proven ?? false),
    'comment-url': comment ?? '',
    'check-url': check ?? '',
    digest: result?.plan?.digest ?? '',
    applied: result?.applied === undefined ? '' : String(result.applied.length),
    pending: result === undefined ? '' : pendingCount(result),
  };
}

/** Inputs, event and connection; or how the run ends where one of them is not to be had. */
async function setScene(
  { env }: World,
  read: InputsRead,
  { warning: warn, info }: Log,
): Promise<Scene | Result> {
  if (!read.ok)
    return ending(
      'usage',
      read.problems.join('\n'),
      'correct the step that uses Airlock in the workflow file',
    );
  const { inputs } = read;

  const payload = await readPayload(env.GITHUB_EVENT_PATH);
  const [owner, repo] = (env.GITHUB_REPOSITORY ?? '').split('/');
  if (payload === undefined || !owner || !repo) {
    const message =
      'GITHUB_EVENT_PATH or GITHUB_REPOSITORY is missing or not readable: this program is for GitHub Actions.';
    return ending('usage', message, 'airlock validate');
  }
  const event = readEvent(env.GITHUB_EVENT_NAME ?? '', payload, env.GITHUB_SHA);
  if (!event.ok) return ending(event.reasonCode, event.message);

  const { token } = inputs;
  const apiUrl = env.GITHUB_API_URL || 'https://api.github.com';
  if (token === undefined) return { inputs, event: event.event, github: undefined };
  if (!/^https?:\/\/[^/]/i.test(apiUrl) || !URL.canParse(apiUrl)) {
    const message = 'GITHUB_API_URL is not an http:// or https:// address.';
    const next = 'leave GITHUB_API_URL to the runner, or write it like https://github.example/api/v3';
    return ending('configuration-invalid', message, next);
  }
  const github = await connect({ token, apiUrl, repository: { owner, repo }, warn, info });
  return { inputs, event: event.event, github };
}

async function readPayload(path: string | undefined): Promise<unknown> {
  try {
    return path === undefined ? undefined : JSON.parse(await readFile(path, 'utf8'));
  } catch {
    // Missing, not readable or not JSON: the caller says so.
    return undefined;
  }
}

async function examineSafely({ env, chamber }: World, scene: Scene, say: Log['info']): Promise<Examined> {
  try {
    return await examine({ ...scene, env, chamber, say });
  } catch (error) {
    if (error instanceof ContentUnreadable) {
      return stopped(ending('github-failed', error.message, 'give the job the permission "contents: read"'));
    }
    const message = `A defect in Airlock stopped the run: ${messageOf(error)}`;
    return stopped(ending('internal-error', message, 'report it with this message at the issues of Airlock'));
  }
}

/** Links of the reports: to the lines at the commit that was checked, and to the page of this run. */
function addresses(env: World['env'], scene: Scene | Result): Pick<MarkdownOptions, 'link' | 'elsewhere'> {
  const home = `${env.GITHUB_SERVER_URL || 'https://github.com'}/${env.GITHUB_REPOSITORY ?? ''}`;
  if ('reasonCode' in scene) return {};
  const { head } = scene.event;
  const blob = (file: string): string =>
    `${home}/blob/${head}/${file.split('/').map(encodeURIComponent).join('/')}`;
  return {
    link: (file, line, endLine) => `${blob(file)}#L${line}${endLine > line ? `-L${endLine}` : ''}`,
    elsewhere: `see the [summary of the run](${home}/actions/runs/${env.GITHUB_RUN_ID ?? ''})`,
  };
}
