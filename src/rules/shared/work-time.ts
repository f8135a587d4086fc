/** Rows a second that one time through a table is taken to do, whatever they hold: a stated guess, not a measurement. */
export const ROWS_PER_SECOND = 500_000;

/** How many times through the table a kind of work counts as: what writes or builds reads as well. */
export const TIMES_THROUGH = { reads: 1, builds: 2, writes: 2 } as const;
