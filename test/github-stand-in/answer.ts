import type { Repository } from './repository.ts';

/** One request, already held against the description. */
export interface Asked {
  readonly repository: Repository;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Everything of a list; the server cuts the page that was asked for. */
  readonly list?: readonly unknown[];
}
export type Route = (asked: Asked) => Answer;

export function notFound(): Answer {
  return failure(404, 'Not Found');
}

export function failure(status: number, message: string): Answer {
  return {
    status,
    body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
  };
}

/** What GitHub says to a token whose job lacks the permission. */
export function refusedByIntegration(): Answer {
  return failure(403, 'Resource not accessible by integration');
}

export function list(entries: readonly unknown[]): Answer {
  return { status: 200, body: undefined, list: entries };
}
