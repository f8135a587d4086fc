import type { getOctokit } from '@actions/github';
import { describeFailure } from './failure.ts';

type Plugin = NonNullable<Parameters<typeof getOctokit>[2]>;

/** Seconds until an answer has arrived whole: GitHub itself gives a request up after ten. */
const ANSWER = 30;
/** Seconds after its first attempt from which on a request is not made again. */
const WHOLE = 210;
/** So many requests in a row without an answer: nobody is there, and each later one is made once. */
const SILENCE = 4;

interface TimeLimitSettings {
  /** How long a second takes, in milliseconds. */
  readonly second: number;
  /** Told of every further attempt. */
  readonly info: (message: string) => void;
}

interface Course {
  attempts: number;
  readonly startedAt: number;
  failure: unknown;
}

/**
 * A plugin that ends each attempt of a request, and all of them together, when its time is over: fetch itself
 * waits for minutes. To be given to Octokit before its plugin for retries, so that it sees every attempt.
 */
export function timeLimits({ second, info }: TimeLimitSettings): Plugin {
  const courses = new WeakMap<object, Course>();
  let unanswered = 0;
  return (client) => {
    client.hook.wrap('request', async (request, options) => {
      const course = courses.get(options) ?? {
        attempts: 0,
        startedAt: performance.now(),
        failure: undefined,
      };
      courses.set(options, course);
      // All requests share one such object until something is asked of a single one.
      if (course.attempts === 0) options.request = { ...options.request };
      course.attempts += 1;
      const late = (): boolean => performance.now() - course.startedAt >= WHOLE * second;
      // A wait for a rate limit may have taken the time. Without a status, so that no plugin waits once more.
      if (course.failure !== undefined && late())
        throw unfinished(`${describeFailure(course.failure)}; given up`, options);
      if (course.attempts > 1) {
        const what = `${options.method} ${options.url}`;
        info(`${what}: asked again (attempt ${course.attempts}) after ${describeFailure(course.failure)}.`);
      }
      const signal = AbortSignal.timeout(ANSWER * second);
      try {
        // Octokit binds the options of a request once: what a hook passes on is not looked at.
        options.request['signal'] = signal;
        const response = await request(options);
        // A body that breaks off is an empty one to Octokit.
        if (signal.aborted) throw new Error('the answer broke off');
        unanswered = 0;
        return response;
      } catch (error) {
        const failure = signal.aborted ? unfinished(NO_ANSWER, options, 500) : error;
        unanswered = signal.aborted ? unanswered + 1 : 0;
        course.failure = failure;
        // What the plugin for retries asks before it makes another attempt.
        if (unanswered >= SILENCE || late()) options.request['retries'] = 0;
        throw failure;
      }
    });
  };
}

const NO_ANSWER = `GitHub did not answer within ${ANSWER} seconds`;

/** As Octokit tells of a connection that broke, with status 500 where it is to be tried again; there is no response. */
function unfinished(message: string, options: { readonly request: object }, status?: number): Error {
  const request = { ...options, request: { ...options.request } };
  return Object.assign(new Error(message), status === undefined ? { request } : { request, status });
}
