import * as z from 'zod/mini';

/** The metadata of Airlock's own format: `-- @metadata { … }`. */
export const metadataSchema = z.strictObject({
  author: z.string().check(z.minLength(1)),
  description: z.string().check(z.minLength(1)),
  breakingChange: z.boolean(),
  /** Milliseconds. */
  estimatedDuration: z.number().check(z.nonnegative()),
  dataVolume: z.enum(['small', 'medium', 'large']),
  risk: z.enum(['low', 'medium', 'high']),
  tags: z.array(z.string()),
  dependencies: z.optional(z.array(z.string())),
  requiresDowntime: z.optional(z.boolean()),
  affectedTables: z.optional(z.array(z.string())),
  rollbackStrategy: z.optional(z.enum(['down', 'backup', 'forward'])),
});

export type Metadata = z.infer<typeof metadataSchema>;
