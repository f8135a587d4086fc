import * as z from 'zod/mini';

/** What docs/configuration.md and editors say about a key; stands beside the key in the schema. */
export interface KeyDocumentation {
  readonly description: string;
  /** Commands that read the key, or BACKUPS. */
  readonly usedBy: string;
  /** As one would write it in the file; absent where leaving the key out is a state of its own. */
  readonly fallback?: unknown;
  /** What to write, for the table, where the type alone would not tell: "duration (s)". */
  readonly written?: string | undefined;
}

/** What `usedBy` says of a key that no command reads yet: the part of Airlock that will. */
export const BACKUPS = 'the backups';
/** The commands that run migrations. */
export const RUNS = 'up, down';
/** The commands that look at a database, or change it. */
export const DATABASE = 'the commands on a database';
/** The commands that prove. */
export const PROOF = 'prove, validate --proof';

/** Whether a command obeys it today. */
export function isInForce({ usedBy }: Pick<KeyDocumentation, 'usedBy'>): boolean {
  return usedBy !== BACKUPS;
}

export const documentation = z.registry<KeyDocumentation>();

/** An optional key with its documentation. */
export function key<T extends z.core.$ZodType>(schema: T, entry: KeyDocumentation): z.ZodMiniOptional<T> {
  return z.optional(requiredKey(schema, entry));
}

export function requiredKey<T extends z.core.$ZodType>(schema: T, entry: KeyDocumentation): T {
  documentation.add(schema, entry);
  return schema;
}
