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
] as const;

export const resultSchema = z.strictObject({
  schemaVersion: z.literal(1),
  reasonCode: z.enum(reasonCodes),
  /** What happened, where it is not told by findings: one sentence. */
  message: z.optional(z.string()),
  /** The exact next command. */
  next: z.optional(z.string()),
  layout: z.optional(z.strictObject({ id: z.string(), why: z.string(), directory: z.string() })),
  /** Migrations that were checked and the history they were judged against. */
  checked: z.optional(
    z.strictObject({ migrations: z.int(), files: z.int(), statements: z.int(), history: z.int() }),
  ),
  plan: z.optional(planSchema),
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
export type Result = z.infer<typeof resultSchema>;
export type ReasonCode = Result['reasonCode'];
