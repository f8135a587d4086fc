import type { CheckAnnotation } from '../report/annotations.ts';
import type { GitHub } from './github.ts';

export interface CheckSettings {
  readonly github: GitHub;
  readonly name: string;
  readonly head: string;
  readonly conclusion: 'success' | 'neutral' | 'failure';
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  /** Worst first. */
  readonly annotations: readonly CheckAnnotation[];
}

/** "a maximum of 50 per API request"; an update appends (docs.github.com/rest/checks/runs). */
const BATCH = 50;
/** Ten requests, a second each: nobody reads more. */
export const MOST_ANNOTATIONS = 500;
export const CHECK_SUMMARY_LIMIT = 65_535;

/**
 * One check run with an annotation for each finding. It is completed by its first request, so that a run that is
 * broken off in the middle leaves a check with the right conclusion. Returns its address.
 */
export async function writeCheckRun(settings: CheckSettings): Promise<string | undefined> {
  const { github, name, head, conclusion, title, summary } = settings;
  const { client, repository } = github;
  const annotations = settings.annotations.slice(0, MOST_ANNOTATIONS);
  const { data } = await client.rest.checks.create({
    ...repository,
    name,
    head_sha: head,
    status: 'completed',
    conclusion,
    output: { title, summary, annotations: annotations.slice(0, BATCH) },
  });
  for (let at = BATCH; at < annotations.length; at += BATCH) {
    const output = { title, summary, annotations: annotations.slice(at, at + BATCH) };
    await client.rest.checks.update({ ...repository, check_run_id: data.id, output });
  }
  return data.html_url ?? undefined;
}
