import * as z from 'zod/mini';

/** What is asked of the process that holds an embedded chamber. */
export type Request =
  | {
      readonly kind: 'open';
      /** Path of a data directory as tar, zstd-compressed, beside the program; left out: it is in the bytes beside the request. */
      readonly base?: string | undefined;
      /** Names of extension bundles beside the script. */
      readonly extensions: readonly string[];
    }
  | {
      readonly kind: 'run';
      readonly sql: string;
      /** So many rows of a statement are told; all of them without it. */
      readonly most?: number | undefined;
    }
  /** The data directory as it is now, as tar, in the bytes beside the reply. */
  | { readonly kind: 'dump' };

/** Checked when it arrives: what a stranger's SQL runs in may say anything. */
export const replySchema = z.strictObject({
  id: z.int(),
  ran: z.optional(
    z.array(
      z.strictObject({
        command: z.string(),
        count: z.optional(z.number()),
        rows: z.array(z.record(z.string(), z.nullable(z.string()))),
      }),
    ),
  ),
  error: z.optional(
    z.strictObject({
      code: z.string(),
      message: z.string(),
      detail: z.optional(z.string()),
      hint: z.optional(z.string()),
      position: z.optional(z.int()),
      where: z.optional(z.string()),
      schema: z.optional(z.string()),
      table: z.optional(z.string()),
      column: z.optional(z.string()),
      constraint: z.optional(z.string()),
    }),
  ),
  /** The program itself failed. */
  fault: z.optional(z.string()),
});
export type Reply = z.infer<typeof replySchema>;
