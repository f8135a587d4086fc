import * as z from 'zod/mini';

/** What running a migration in a shadow database showed; part of the result document. Times are milliseconds. */
const lockSchema = z.strictObject({
  /** As SQL writes it: schema.name. */
  relation: z.string(),
  /** As the server names it without "Lock": "AccessExclusive", "ShareRowExclusive" … (explicit-locking). */
  mode: z.string(),
  blocks: z.array(z.enum(['select', 'insert', 'update', 'delete', 'ddl'])),
  /**
   * Where it is known from when it was not read while the statement's transaction was open: seen by a second session
   * while the statement ran, or said by the statement itself.
   */
  basis: z.optional(z.enum(['sampled', 'static'])),
  /** What a second session was refused while the transaction was open; absent where there was none to try. */
  refused: z.optional(z.array(z.enum(['select', 'select for update', 'write']))),
});
export type ProvenLock = z.infer<typeof lockSchema>;

const statementSchema = z.strictObject({
  line: z.int(),
  endLine: z.int(),
  /** Its first words, at most 200 characters. */
  text: z.string(),
  durationMs: z.number(),
  rows: z.optional(z.int()),
  error: z.optional(z.string()),
  /** On relations that were there before the migration, taken by this statement. */
  locks: z.array(lockSchema),
  rewrites: z.array(z.string()),
  scans: z.array(z.strictObject({ relation: z.string(), rows: z.int() })),
  /** Kind and name, as the differences of a round trip have them: "column public.users.email". */
  created: z.array(z.string()),
  dropped: z.array(z.string()),
  altered: z.optional(z.array(z.string())),
  /** How long it would take at the sizes that are known of the target, and by what that was reckoned. */
  estimate: z.optional(z.strictObject({ ms: z.number(), basis: z.string() })),
});
export type ProvenStatement = z.infer<typeof statementSchema>;

const differenceSchema = z.strictObject({
  kind: z.string(),
  object: z.string(),
  before: z.optional(z.string()),
  after: z.optional(z.string()),
  /** Nobody depends on it: the order of columns. */
  informative: z.optional(z.boolean()),
});

export const proofSchema = z.strictObject({
  migrationId: z.string(),
  name: z.optional(z.string()),
  /** Of the up, relative to the repository root; the lines of the statements are its lines. */
  file: z.optional(z.string()),
  shadow: z.enum(['embedded', 'local', 'url']),
  serverVersion: z.string(),
  transaction: z.boolean(),
  up: z.strictObject({
    ok: z.boolean(),
    error: z.optional(z.string()),
    statements: z.array(statementSchema),
  }),
  populated: z.strictObject({
    ok: z.boolean(),
    /** Rows that stood in each table before the up. */
    rowsPerTable: z.record(z.string(), z.int()),
    error: z.optional(z.string()),
    skipped: z.array(z.strictObject({ table: z.string(), reason: z.string() })),
  }),
  /** New uniqueness and references over tables that were there: made-up rows say nothing about the target's. */
  dependsOnData: z.optional(
    z.array(z.strictObject({ object: z.string(), relation: z.string(), query: z.string() })),
  ),
  down: z.strictObject({
    status: z.enum(['ok', 'failed', 'missing', 'empty', 'unparsable', 'not-run']),
    error: z.optional(z.string()),
  }),
  roundTrip: z.strictObject({
    status: z.enum(['reverts', 'differs', 'not-run']),
    differences: z.array(differenceSchema),
  }),
  dataLoss: z.array(z.strictObject({ relation: z.string(), column: z.optional(z.string()), rows: z.int() })),
  reapply: z.strictObject({ ok: z.boolean(), error: z.optional(z.string()) }),
  /** The sum of the statements' estimates. */
  estimate: z.optional(z.strictObject({ ms: z.number(), basis: z.string() })),
  verify: z.optional(z.strictObject({ ok: z.boolean(), error: z.optional(z.string()) })),
});
export type Proof = z.infer<typeof proofSchema>;

export const chainSchema = z.strictObject({
  ok: z.boolean(),
  failedAt: z.optional(z.string()),
  error: z.optional(z.string()),
  differences: z.array(differenceSchema),
});
export type Chain = z.infer<typeof chainSchema>;

/** A whole history in numbers. A migration may count more than once: one that restores the schema may lose data. */
export const summarySchema = z.strictObject({
  migrations: z.int(),
  /** The down brings back what was there before. */
  restores: z.int(),
  differs: z.int(),
  failsOnRows: z.int(),
  upFails: z.int(),
  downFails: z.int(),
  /** The down is there and holds no statement, though the up changes the schema. */
  empty: z.int(),
  missing: z.int(),
  losesData: z.int(),
  notProven: z.int(),
  /** One line each. */
  told: z.array(
    z.strictObject({ migrationId: z.string(), name: z.optional(z.string()), verdict: z.string() }),
  ),
});
export type ProofSummary = z.infer<typeof summarySchema>;
