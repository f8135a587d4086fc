import type { getOctokit } from '@actions/github';
import { describeFailure, statusOf } from './failure.ts';
import { timeLimits } from './time-limits.ts';

type GitHubClient = ReturnType<typeof getOctokit>;
interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}
/** The API, and the repository the workflow runs in. */
export interface GitHub {
  readonly client: GitHubClient;
  readonly repository: RepositoryName;
  /** A line for the job's log. */
  readonly info: (message: string) => void;
}

export interface ConnectionSettings {
  readonly token: string;
  /** GITHUB_API_URL: https://api.github.com, or https://host/api/v3 on GitHub Enterprise Server. */
  readonly apiUrl: string;
  readonly repository: RepositoryName;
  readonly warn: (message: string) => void;
  /** Told of every attempt after the first. */
  readonly info: (message: string) => void;
  /** Tests answer requests themselves; else undici's goes through the proxy that the environment names. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** How long a second of waiting takes, in milliseconds: tests have less time. 1,000 unless told. */
  readonly second?: number | undefined;
}

/** Waiting longer than this for a rate limit costs more than the report is worth. Seconds. */
const LONGEST_WAIT = 90;
const ATTEMPTS = 3;

/**
 * A client that retries what may pass: 5xx and broken connections after 1, 4 and 9 seconds, rate limits when
 * they are over (docs.github.com, "Best practices for using the REST API"); none of it without end, see
 * time-limits.ts. Proxies come from the usual
 * variables, through @actions/github. Loaded here and not earlier: validation alone needs none of it.
 */
export async function connect(settings: ConnectionSettings): Promise<GitHub> {
  const { token, apiUrl, repository, warn, info, fetch, second: retryAfterBaseValue = 1_000 } = settings;
  const [{ getOctokit: create }, { retry }, { throttling }] = await Promise.all([
    import('@actions/github'),
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling'),
  ]);
  const waits = (what: string) => (seconds: number, _: object, __: unknown, count: number) => {
    const again = count < ATTEMPTS && seconds <= LONGEST_WAIT;
    warn(`GitHub's ${what} is used up for ${seconds} s${again ? ': waiting' : ''}.`);
    return again;
  };
  const options = {
    baseUrl: apiUrl,
    userAgent: 'pg-airlock',
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    // 429 and 403 belong to the throttling plugin; the rest is the plugin's own list of what stays as it is.
    retry: {
      doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451],
      retries: ATTEMPTS,
      retryAfterBaseValue,
    },
    throttle: {
      onRateLimit: waits('rate limit'),
      onSecondaryRateLimit: waits('secondary rate limit'),
      retryAfterBaseValue,
    },
    ...(fetch ? { request: { fetch } } : {}),
  };
  const limits = timeLimits({ second: retryAfterBaseValue, info });
  return { client: create(token, options, limits, retry, throttling), repository, info };
}

function ignore(): void {
  // Octokit's own notes repeat what is reported here, or are for its developers.
}

/**
 * Creates something once. After a 5xx nobody knows whether it was made, so `find` looks for it before the
 * next attempt. `create` must ask for no retries of its own (`request: { retries: 0 }`).
 */
export async function createOnce<T>(
  { info }: Pick<GitHub, 'info'>,
  create: () => Promise<T>,
  find: () => Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await create();
    } catch (error) {
      if ((statusOf(error) ?? 0) < 500 || attempt >= ATTEMPTS) throw error;
      const made = await find();
      if (made !== undefined) return made;
      info(`What was to be written is not there: written again after ${describeFailure(error)}.`);
    }
  }
}
