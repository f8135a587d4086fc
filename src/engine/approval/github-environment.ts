import * as z from 'zod/mini';

/** The job that asks; all of it is from GitHub's own variables. */
export interface GitHubJob {
  /** https://api.github.com, or that of an Enterprise server. */
  readonly api: string;
  /** owner/name */
  readonly repository: string;
  readonly runId: string;
  readonly token: string;
}

export type Reviewed =
  | { readonly ok: true; readonly reviewers: readonly string[] }
  | { readonly ok: false; readonly problem: string; readonly next: string };

const environmentAnswer = z.object({
  protection_rules: z.optional(
    z.array(z.object({ type: z.string(), reviewers: z.optional(z.array(z.unknown())) })),
  ),
});

const approvalsAnswer = z.array(
  z.object({
    state: z.string(),
    environments: z.array(z.object({ name: z.string() })),
    user: z.object({ login: z.string() }),
  }),
);

/** Milliseconds. */
const DEADLINE = 20_000;

/**
 * Who let this workflow run into an environment. The environment must really have required reviewers, and one of
 * them must have approved this very run: a job that only says the environment's name was let in by nobody.
 * https://docs.github.com/rest/deployments/environments#get-an-environment and
 * https://docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run; both ask for
 * `actions: read`.
 */
export async function reviewersOf(job: GitHubJob, environment: string): Promise<Reviewed> {
  const { repository, runId } = job;
  const rules = await ask(
    job,
    `/repos/${repository}/environments/${encodeURIComponent(environment)}`,
    environmentAnswer,
  );
  if (!rules.ok) return rules;
  const required = rules.answer.protection_rules?.some(
    ({ type, reviewers }) => type === 'required_reviewers' && (reviewers?.length ?? 0) > 0,
  );
  if (required !== true)
    return {
      ok: false,
      problem: `the environment ${environment} of ${repository} has no required reviewers, so that nobody approved this job.`,
      next: 'add required reviewers to the environment in the settings of the repository, or give a token: --approval',
    };
  const reviews = await ask(job, `/repos/${repository}/actions/runs/${runId}/approvals`, approvalsAnswer);
  if (!reviews.ok) return reviews;
  const reviewers = reviews.answer
    .filter(
      ({ state, environments }) =>
        state === 'approved' && environments.some(({ name }) => name === environment),
    )
    .map(({ user }) => user.login);
  if (reviewers.length > 0) return { ok: true, reviewers: [...new Set(reviewers)] };
  return {
    ok: false,
    problem: `no reviewer let this workflow run into the environment ${environment}.`,
    next: `environment: ${environment} in the job of the workflow, so that its reviewers are asked`,
  };
}

async function ask<T>(
  { api, token }: GitHubJob,
  path: string,
  schema: z.ZodMiniType<T>,
): Promise<{ readonly ok: true; readonly answer: T } | Extract<Reviewed, { ok: false }>> {
  const failed = (problem: string): Extract<Reviewed, { ok: false }> => ({
    ok: false,
    problem: `GitHub could not be asked who approved: ${problem}.`,
    next: 'permissions: actions: read in the job of the workflow, and its token as github-token',
  });
  try {
    const response = await fetch(`${api}${path}`, {
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
      },
      signal: AbortSignal.timeout(DEADLINE),
      // The token is for this host.
      redirect: 'error',
    });
    if (!response.ok) {
      await response.body?.cancel();
      return failed(`it answered ${path} with ${response.status}`);
    }
    const answer = z.safeParse(schema, await response.json());
    return answer.success
      ? { ok: true, answer: answer.data }
      : failed(`its answer to ${path} was not understood`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return failed(error.cause instanceof Error ? error.cause.message : error.message);
  }
}
