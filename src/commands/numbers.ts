import * as z from 'zod/mini';

/** A whole number of at least 1, as the command line writes it. */
export const count = z.optional(
  z.pipe(
    z.string().check(z.regex(/^[1-9]\d{0,8}$/, 'is not a whole number of at least 1')),
    z.transform(Number),
  ),
);
