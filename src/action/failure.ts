/** HTTP status of a failed request; 500 as well where no answer came at all. Undefined: another error. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : undefined;
}

/** The token may not do this: not worth trying again, and no fault of the change. */
export function isRefused(error: unknown): boolean {
  const status = statusOf(error);
  return (status === 401 || status === 403 || status === 404) && !/rate limit/i.test(messageOf(error));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * `HTTP 403: Resource not accessible by integration`, without the address of the documentation page; without a
 * status where no answer came.
 */
export function describeFailure(error: unknown): string {
  const status =
    (error as { response?: unknown } | null)?.response === undefined ? undefined : statusOf(error);
  const message = messageOf(error).replace(/ - https:\/\/\S+$/, '');
  return status === undefined ? message : `HTTP ${status}: ${message}`;
}
