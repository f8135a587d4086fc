import * as z from 'zod/mini';
import { chainSchema, proofSchema, summarySchema } from './proof-result.ts';

/**
 * The one result document: `--json`, the Action's `result` output and the bot's stored runs.
 * `docs/result.schema.json` is generated from it. Lines and columns start at 1, columns count UTF-16
 * code units; `endColumn` is one past the last.
 */
const severities = ['error', 'warning', 'info'] as const;
const severitySchema = z.enum(severities);

const findingSchema = z.strictObject({
  ruleId: z.string(),
  severity: severitySchema,
  stage: z.enum(['static', 'catalog', 'executed']),
  migrationId: z.optional(z.string()),
  /** Relative to the repository root. */
  file: z.string(),
  line: z.int(),
  column: z.int(),
  endLine: z.int(),
  endColumn: z.int(),
  message: z.string(),
  why: z.string(),
  fix: z.string(),
  /** One edit in the same file that removes the problem and keeps the meaning; the title says what little it changes. */
  replacement: z.optional(
    z.strictObject({
      line: z.int(),
      column: z.int(),
      endLine: z.int(),
      endColumn: z.int(),
      text: z.string(),
      title: z.optional(z.string()),
    }),
  ),
  helpUrl: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

const ignoreSchema = z.strictObject({
  ruleId: z.string(),
  file: z.string(),
  line: z.int(),
  reason: z.string(),
  /** How many findings it holds back. */
  suppressed: z.int(),
});
export type IgnoreInForce = z.infer<typeof ignoreSchema>;

const notAnalysedSchema = z.strictObject({ file: z.string(), line: z.int(), reason: z.string() });
export type NotAnalysedEntry = z.infer<typeof notAnalysedSchema>;

const planSchema = z.strictObject({
  environment: z.optional(z.string()),
  digest: z.string(),
  migrations: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      checksum: z.string(),
      file: z.string(),
      reversible: z.boolean(),
    }),
  ),
});

const executionSchema = z.strictObject({
  migrationId: z.string(),
  name: z.string(),
  direction: z.enum(['up', 'down']),
  /** `unknown`: the connection was lost, and the database cannot be asked. */
  status: z.enum(['applied', 'rolled-back', 'failed', 'unknown']),
  /** Milliseconds, waiting for locks included. */
  durationMs: z.int(),
  lockWaitMs: z.int(),
  /** Done, of how many. */
  statements: z.int(),
  of: z.int(),
  /** Why it did not come to its end: statement-failed, verify-failed, lock-not-available, lease-lost … */
  reason: z.optional(z.string()),
  error: z.optional(z.string()),
  next: z.optional(z.string()),
  /** Of the statement that failed. */
  file: z.optional(z.string()),
  line: z.optional(z.int()),
  /** Nothing of it is in the database. */
  undone: z.optional(z.boolean()),
  /** Only recorded: nothing was run. */
  forced: z.optional(z.boolean()),
});
export type ExecutionEntry = z.infer<typeof executionSchema>;

const standingSchema = z.enum(['applied', 'baselined', 'pending', 'failed', 'running', 'edited', 'missing']);

const statusSchema = z.strictObject({
  environment: z.optional(z.string()),
  /** Schema of the system tables; they are not there where it is left out. */
  systemSchema: z.optional(z.string()),
  lease: z.optional(
    z.strictObject({
      command: z.string(),
      executedBy: z.string(),
      host: z.string(),
      processId: z.int(),
      acquiredAt: z.string(),
      expiresAt: z.string(),
      alive: z.enum(['yes', 'no', 'unknown']),
    }),
  ),
  migrations: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      standing: standingSchema,
      outOfOrder: z.boolean(),
      at: z.optional(z.string()),
      statementsDone: z.optional(z.int()),
      /** Of how many; where the run of it was cut off, it may have been in the middle of one more than are done. */
      statementsTotal: z.optional(z.int()),
      statementsBegun: z.optional(z.int()),
      error: z.optional(z.string()),
    }),
  ),
});
export type StatusEntry = z.infer<typeof statusSchema>;

/** One thing that `health` or `verify` looked at. `unknown`: it could not be looked at, and why is in the message. */
const checkSchema = z.strictObject({
  name: z.string(),
  status: z.enum(['ok', 'warning', 'failed', 'unknown']),
  message: z.string(),
  /** One line each, where there is more than one thing to name. */
  details: z.optional(z.array(z.string())),
  /** The exact next command. */
  next: z.optional(z.string()),
});

const checksSchema = z.strictObject({
  environment: z.optional(z.string()),
  serverVersion: z.string(),
  checks: z.array(checkSchema),
});
export type ChecksEntry = z.infer<typeof checksSchema>;

/** What one migration took on one database. Times are milliseconds. */
const analysisSchema = z.strictObject({
  environment: z.optional(z.string()),
  migrationId: z.string(),
  name: z.optional(z.string()),
  file: z.optional(z.string()),
  standing: z.optional(standingSchema),
  /** Every row of the history and of the rollback history, the oldest first. */
  runs: z.array(
    z.strictObject({
      direction: z.enum(['up', 'down']),
      status: z.string(),
      at: z.string(),
      runId: z.string(),
      durationMs: z.optional(z.int()),
      lockWaitMs: z.int(),
      executedBy: z.string(),
      host: z.string(),
      toolVersion: z.string(),
      gitSha: z.optional(z.string()),
      pullRequest: z.optional(z.string()),
      /** Done, of how many. */
      statements: z.int(),
      of: z.int(),
      error: z.optional(z.string()),
    }),
  ),
  /** By its metadata. */
  estimatedMs: z.optional(z.number()),
  /** Of the newest up that came to its end, without waiting for locks. */
  actualMs: z.optional(z.int()),
  /** Of the newest run that timed them; line and text where the file is still the same. */
  statements: z.array(
    z.strictObject({
      /** From 1. */
      number: z.int(),
      durationMs: z.number(),
      line: z.optional(z.int()),
      text: z.optional(z.string()),
    }),
  ),
  notes: z.array(z.string()),
});
export type AnalysisEntry = z.infer<typeof analysisSchema>;

/** One release, or what is not released yet: then without version and name, or with what is proposed. */
const releaseSchema = z.strictObject({
  version: z.optional(z.string()),
  /** What `airlock release` would call it. */
  proposed: z.optional(z.string()),
  name: z.optional(z.string()),
  tags: z.array(z.string()),
  migrations: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      description: z.optional(z.string()),
      breaking: z.boolean(),
    }),
  ),
});
export type ReleaseEntry = z.infer<typeof releaseSchema>;

const reasonCodes = [
  'clean',
  'findings',
  'nothing-to-do',
  'usage',
  'configuration-invalid',
  'layout-unknown',
  'layout-ambiguous',
  'folder-missing',
  'file-unreadable',
  'shadow-unavailable',
  'fork-refused',
  'event-unsupported',
  'github-failed',
  'internal-error',
  'applied',
  'rolled-back',
  'planned',
  'baselined',
  'approved',
  'adopted',
  'released',
  'repaired',
  'unlocked',
  'migration-failed',
  'unhealthy',
  'verification-failed',
  'lease-held',
  'lease-lost',
  'gate-shut',
  'interrupted',
  'approval-required',
  'history-disagrees',
  'dependencies-broken',
  'cannot-run',
  'not-confirmed',
  'downtime-not-allowed',
  'runner-native',
  'database-unreachable',
  'database-missing',
  'database-refused',
  'environment-unknown',
  'system-schema-newer',
  'system-schema-missing',
] as const;

export const resultSchema = z.strictObject({
  schemaVersion: z.literal(1),
  reasonCode: z.enum(reasonCodes),
  /** What happened, where it is not told by findings: one sentence. */
  message: z.optional(z.string()),
  /** Of approve: the token. It is no secret: it says what may run where, and is checked with the key. */
  approval: z.optional(z.string()),
  /** The exact next command. */
  next: z.optional(z.string()),
  layout: z.optional(z.strictObject({ id: z.string(), why: z.string(), directory: z.string() })),
  /** Migrations that were checked and the history they were judged against. */
  checked: z.optional(
    z.strictObject({ migrations: z.int(), files: z.int(), statements: z.int(), history: z.int() }),
  ),
  plan: z.optional(planSchema),
  /** What a run did, in its order; what it rolled back by itself among it. */
  executions: z.optional(z.array(executionSchema)),
  /** Ids: applied by this run and still in force; the one that failed; those that were not begun. */
  applied: z.optional(z.array(z.string())),
  failed: z.optional(z.string()),
  pending: z.optional(z.array(z.string())),
  /** What was changed past Airlock between the last run and this one; this run went on, and counts it as there. */
  drift: z.optional(
    z.strictObject({
      status: z.enum(['found', 'unknown']),
      /** Of the last run, as the server writes it. */
      since: z.optional(z.string()),
      differences: z.optional(z.array(z.string())),
      /** Why nobody can tell. */
      because: z.optional(z.string()),
    }),
  ),
  status: z.optional(statusSchema),
  health: z.optional(checksSchema),
  analysis: z.optional(analysisSchema),
  /** Of down: what goes with its contents, as far as the SQL says it itself. Rows: an estimate of the server. */
  losses: z.optional(
    z.array(
      z.strictObject({
        migrationId: z.string(),
        kind: z.enum(['table', 'column', 'rows']),
        name: z.string(),
        rows: z.optional(z.int()),
      }),
    ),
  ),
  /** Of release and tag: the one that it is about; of changelog: what it lists, the newest first. */
  releases: z.optional(z.array(releaseSchema)),
  verification: z.optional(
    z.strictObject({
      ...checksSchema.shape,
      /** Of the rows of a table, in whatever order. */
      checksums: z.optional(
        z.array(z.strictObject({ table: z.string(), rows: z.int(), digest: z.string() })),
      ),
    }),
  ),
  findings: z.array(findingSchema),
  refuted: z.array(z.strictObject({ ...findingSchema.shape, because: z.string() })),
  proofs: z.optional(z.array(proofSchema)),
  /** What the proofs were made in, and why in that. */
  shadow: z.optional(
    z.strictObject({
      kind: z.enum(['embedded', 'local', 'url']),
      serverVersion: z.string(),
      because: z.string(),
    }),
  ),
  chain: z.optional(chainSchema),
  /** Of `prove --all`, whose `proofs` are only those that are not well. */
  summary: z.optional(summarySchema),
  ignores: z.array(ignoreSchema),
  notAnalysed: z.array(notAnalysedSchema),
});
export type LossEntry = NonNullable<z.infer<typeof resultSchema>['losses']>[number];
export type Result = z.infer<typeof resultSchema>;
export type ReasonCode = Result['reasonCode'];
