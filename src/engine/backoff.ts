/** Milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly longest: number;
}

/** How long to wait after the nth attempt: somewhere in the upper half of a time that doubles, so that many do not come back at once. */
export function delayAfter(attempt: number, { first, longest }: Backoff, random: number): number {
  const most = Math.min(longest, first * 2 ** Math.min(attempt - 1, 20));
  return most * (0.5 + random / 2);
}

/** Waits, or ends early when the signal says so. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end, { once: true });
  });
}
