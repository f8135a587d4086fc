import { checkAnnotations, workflowCommands } from '../report/annotations.ts';
import type { MarkdownOptions } from '../report/markdown.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Redactor } from '../report/redact.ts';
import type { Result } from '../report/result.ts';
import type { SourceFile } from '../sql/source.ts';
import type { ChangedFile } from './changed-files.ts';
import { CHECK_SUMMARY_LIMIT, MOST_ANNOTATIONS, writeCheckRun } from './check-run.ts';
import { markerFor, writeComment } from './comment.ts';
import type { ActionEvent } from './event.ts';
import { describeFailure, isRefused } from './failure.ts';
import type { GitHub } from './github.ts';
import { ownLogin } from './identity.ts';
import type { Inputs } from './inputs.ts';
import type { Log } from './log.ts';
import { writeReview } from './review.ts';
import { suggestionsFor } from './suggestion.ts';
import { renderNotes } from './summary.ts';
import type { Verdict } from './verdict.ts';

export interface Report {
  readonly event: ActionEvent;
  readonly inputs: Inputs;
  readonly github: GitHub | undefined;
  readonly log: Log;
  readonly redact: Redactor;
  /** Without secrets. */
  readonly result: Result;
  readonly verdict: Verdict;
  readonly notes: readonly string[];
  readonly files: readonly ChangedFile[];
  readonly markdown: MarkdownOptions;
  readonly source: (path: string) => SourceFile | undefined;
}

/** A check run where the token may make one, else workflow commands. Returns the check's address. */
export async function reportAnnotations(report: Report): Promise<string | undefined> {
  const { event, inputs, github, log, result, verdict, notes } = report;
  if (inputs.annotations === 'off') return undefined;
  const commands = (): void => log.commands(workflowCommands(result.findings));
  if (inputs.annotations === 'commands' || github === undefined) {
    commands();
    return undefined;
  }
  const tail = `\n${renderNotes(notes)}`;
  const maxLength = CHECK_SUMMARY_LIMIT - Buffer.byteLength(tail);
  try {
    return await writeCheckRun({
      github,
      name: inputs.name,
      head: event.head,
      conclusion: verdict.failed ? 'failure' : result.findings.length > 0 ? 'neutral' : 'success',
      title: verdict.title,
      summary: renderMarkdown(result, { ...report.markdown, maxLength }) + tail,
      // What is about the run as a whole stands in the summary.
      annotations: checkAnnotations(result.findings.filter(({ file }) => file !== '')),
    });
  } catch (error) {
    const asked = inputs.annotations === 'check';
    const text = `The check run could not be written (${describeFailure(error)}): workflow commands took its place.`;
    // Most tokens of pull requests from forks may not, and workflows often leave the permission out.
    if (asked || !isRefused(error)) log.warning(`${text} It needs the permission "checks: write".`);
    else log.info(text);
    commands();
    return undefined;
  } finally {
    if (result.findings.length > MOST_ANNOTATIONS) {
      log.info(`Annotated: the ${MOST_ANNOTATIONS} worst of ${result.findings.length} findings.`);
    }
  }
}

/** The pull request's comment, then its suggestions. Neither can make the run fail. Returns the comment's address. */
export async function reportConversation(report: Report): Promise<string | undefined> {
  const { event, inputs, github } = report;
  if (event.kind !== 'pull-request' || event.closed || github === undefined) return undefined;
  if (inputs.comment === 'never' && !inputs.suggestions) return undefined;
  const login = await ownLogin(github, report.log);
  const url = await attempt(report, 'comment', () => comment(report, github, event.number, login));
  if (inputs.suggestions) {
    const { findings } = report.result;
    const suggestions = suggestionsFor({
      findings,
      files: report.files,
      source: report.source,
      redact: report.redact,
    });
    const { number, head } = event;
    await attempt(report, 'review', () => writeReview({ github, number, head, login, suggestions }));
  }
  return url;
}

async function comment({ inputs, result, markdown }: Report, github: GitHub, number: number, login: string) {
  if (inputs.comment === 'never') return undefined;
  const marker = markerFor(inputs.name);
  const body = renderMarkdown(result, { ...markdown, marker });
  // A pull request without migrations is left in peace, unless the comment that stands there is out of date.
  const create =
    result.findings.length > 0 || (inputs.comment === 'always' && result.reasonCode !== 'nothing-to-do');
  return writeComment({ github, number, login, marker, body, create });
}

/** A report that cannot be delivered degrades to a warning: the verdict stands without it. */
async function attempt<T>({ log }: Report, what: string, write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    const why = isRefused(error)
      ? 'this token may not; it needs the permission "pull-requests: write"'
      : describeFailure(error);
    log.warning(
      `The ${what} on the pull request was not written: ${why}. The step summary holds the whole report.`,
    );
    return undefined;
  }
}
