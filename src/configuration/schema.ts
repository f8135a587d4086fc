import * as z from 'zod/mini';
import {
  ALERT_EVENTS,
  DEFAULTS,
  DIALECTS,
  FAIL_ON,
  OUT_OF_ORDER,
  RULE_SEVERITIES,
  RUNNERS,
} from './configuration.ts';
import { BACKUPS, DATABASE, key, PROOF, RUNS, requiredKey } from './documentation.ts';
import { patternProblem } from './pattern.ts';
import { approversSchema, environmentSchema, healthCheckSchema } from './schema-environments.ts';
import { checked, count, durationOf, names, pathOf, paths, text, textOf } from './schema-values.ts';
import { glob, httpUrl, schemaName, serverVersion, shadow, variableName } from './values.ts';

const VALIDATE = 'validate';

const severity = z.enum(RULE_SEVERITIES);
const options = z.record(z.string(), z.unknown());

/** `off`, or `[error, { option: value }]`, or `{ severity, options }`. Ids and options are checked against the rules afterwards. */
const ruleSchema = z.union([
  severity,
  z.tuple([severity], options).check(z.maxLength(2)),
  z.strictObject({ severity: z.optional(severity), options: z.optional(options) }),
]);

const layoutsSchema = z.strictObject({
  flyway: key(
    z.strictObject({
      prefix: key(z.string(), {
        description: 'Before the version of a migration; may be empty.',
        usedBy: VALIDATE,
        fallback: 'V',
      }),
      undoPrefix: key(text(), {
        description: 'Before the version of an undo migration.',
        usedBy: VALIDATE,
        fallback: 'U',
      }),
      repeatablePrefix: key(text(), {
        description: 'Before the name of a repeatable migration.',
        usedBy: VALIDATE,
        fallback: 'R',
      }),
      separator: key(text(), { description: 'Between version and name.', usedBy: VALIDATE, fallback: '__' }),
      suffixes: key(names(), { description: 'Ends of file names.', usedBy: VALIDATE, fallback: ['.sql'] }),
    }),
    { description: "Flyway's naming, where the project changed it.", usedBy: VALIDATE },
  ),
  numbered: key(
    z.strictObject({
      pattern: key(checked(z.string(), filePattern), {
        description:
          'Paths of the files, relative to the folder, with the named groups `id`, `name` and, where there are downs, `direction`.',
        usedBy: VALIDATE,
      }),
    }),
    { description: 'Numbered files or version folders with a naming of their own.', usedBy: VALIDATE },
  ),
});

function filePattern(pattern: string): { value: string } | { problem: string } {
  const problem = patternProblem(pattern);
  if (problem !== undefined) return { problem };
  const missing = ['id', 'name'].find((group) => !pattern.includes(`(?<${group}>`));
  if (missing !== undefined)
    return { problem: `has no group named ${missing}; write (?<${missing}>…) around that part` };
  return { value: pattern };
}

function acceptedGlob(written: string): { value: string } | { problem: string } {
  const path = pathOf(written);
  return 'value' in path ? glob(path.value) : path;
}

const ignoreSchema = z.strictObject({
  comments: key(z.boolean(), {
    description: 'Comments such as `-- @ignore <rule> <reason>` are obeyed.',
    usedBy: VALIDATE,
    fallback: DEFAULTS.ignore.comments,
  }),
  never: key(names(), {
    description: 'Rule ids that no comment can silence.',
    usedBy: VALIDATE,
    fallback: DEFAULTS.ignore.never,
  }),
  accept: key(
    z.array(
      z.strictObject({ rule: text(), files: z.optional(z.array(textOf(acceptedGlob))), reason: text() }),
    ),
    {
      description: 'Findings that policy accepts: `rule`, `reason` and, to narrow it, `files` (globs).',
      usedBy: VALIDATE,
      fallback: [],
      written: 'list of { rule, files?, reason }',
    },
  ),
});

const shadowKind = () => checked(z.string(), (written) => shadow(written, 'refused'));
const shadowSchema = z.union([
  z.pipe(
    shadowKind(),
    z.transform((kind) => ({ kind, prepare: undefined, snapshot: undefined, extensions: undefined })),
  ),
  z.strictObject({
    kind: key(shadowKind(), {
      description: 'As `shadow` itself.',
      usedBy: PROOF,
      fallback: 'auto',
      written: 'auto, embedded, local or address',
    }),
    prepare: key(paths(), {
      description: 'SQL files run before the history, for what other tools make.',
      written: 'list of paths',
      usedBy: PROOF,
      fallback: [],
    }),
    snapshot: key(textOf(pathOf), {
      description:
        'File of `airlock snapshot`: the schema that a change is proven on, in place of replaying the history; its sizes count where `sizes` names no file.',
      written: 'path',
      usedBy: PROOF,
    }),
    extensions: key(names(), {
      description: 'Extensions that Airlock may create.',
      usedBy: PROOF,
      fallback: [],
    }),
  }),
]);

const backupSchema = z.strictObject({
  storage: key(checked(z.string(), backupStorage), {
    description: 'Where backups are kept: a folder, or `s3://bucket/prefix`.',
    usedBy: BACKUPS,
    fallback: DEFAULTS.backup.storage,
    written: 'folder or s3://bucket/prefix',
  }),
  s3: key(
    z.strictObject({
      region: key(text(), { description: 'Region of the bucket.', usedBy: BACKUPS }),
      endpoint: key(checked(z.string(), httpUrl), {
        description: 'Address of an S3-compatible store.',
        usedBy: BACKUPS,
      }),
      pathStyle: key(z.boolean(), {
        description: 'Bucket in the path instead of the host name.',
        usedBy: BACKUPS,
        fallback: DEFAULTS.backup.s3.pathStyle,
      }),
    }),
    { description: 'How the store is reached. Its keys come from the environment.', usedBy: BACKUPS },
  ),
  keep: key(
    z.strictObject({
      last: kept('last', 1, 'Newest backups kept.'),
      daily: kept('daily', 0, 'Daily backups kept.'),
      weekly: kept('weekly', 0, 'Weekly backups kept.'),
      monthly: kept('monthly', 0, 'Monthly backups kept.'),
    }),
    { description: 'Retention. The only good backup is never deleted.', usedBy: BACKUPS },
  ),
});

/** How many backups of a kind are kept. */
function kept(which: keyof typeof DEFAULTS.backup.keep, least: number, description: string) {
  return key(count(least, 10_000), { description, usedBy: BACKUPS, fallback: DEFAULTS.backup.keep[which] });
}

function backupStorage(written: string): { value: string } | { problem: string } {
  if (!written.includes('://'))
    return written.trim() === '' ? { problem: 'is empty; write a folder' } : { value: written };
  if (/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w!.*'()/-]*)?$/.test(written)) return { value: written };
  return { problem: 'is not s3://bucket/prefix; keys of the store come from the environment' };
}

/** The contract of `migration.config.yml`. docs/configuration.md and docs/migration.config.schema.json are generated from it. */
export const configurationSchema = z.strictObject({
  directory: key(z.union([textOf(pathOf), paths()]), {
    description: 'Folder or folders that hold migrations. Left out: Airlock looks for them.',
    usedBy: 'validate, create, init',
    written: 'path or list of paths',
  }),
  layout: key(text(), {
    description: 'Layout of the files: `golang-migrate` or `flyway` for example. Left out: detected.',
    usedBy: 'validate, create, init',
  }),
  layouts: key(layoutsSchema, {
    description: 'Settings of single layouts.',
    usedBy: 'validate, create, init',
  }),
  dialect: key(z.enum(DIALECTS), {
    description: 'SQL of the files; for mysql nothing but validation is promised.',
    usedBy: VALIDATE,
    fallback: DEFAULTS.dialect,
  }),
  runner: key(z.enum(RUNNERS), {
    description:
      "Who executes the files, which decides what a transaction is: Airlock, or the layout's own tool. Left out: `airlock` for Airlock's own layout, `native` for the others.",
    usedBy: VALIDATE,
  }),
  exclude: key(z.union([checked(text(), glob), z.array(checked(text(), glob))]), {
    description: 'Globs of files that are left out, relative to the repository root.',
    usedBy: VALIDATE,
    fallback: [],
    written: 'glob or list of globs',
  }),
  placeholders: key(z.record(placeholderName(), z.union([z.string(), z.number(), z.boolean()])), {
    description: 'Values for placeholders in the files, in every spelling that is read; see below.',
    usedBy: VALIDATE,
    written: 'name: value',
  }),
  rules: key(z.record(z.string(), ruleSchema), {
    description:
      'Severity and options by rule id: `off`, `info`, `warning`, `error`, or `[error, { option: value }]`, or `{ severity, options }`.',
    usedBy: VALIDATE,
    written: 'rule id: setting',
  }),
  failOn: key(z.enum(FAIL_ON), {
    description: 'Least severity that makes a run fail.',
    usedBy: VALIDATE,
    fallback: DEFAULTS.failOn,
  }),
  ignore: key(ignoreSchema, { description: 'What may be ignored, and by whom.', usedBy: VALIDATE }),
  sizes: key(textOf(pathOf), {
    description: 'File with the sizes of the tables on the target, see below.',
    usedBy: VALIDATE,
    written: 'path',
  }),
  targetVersion: key(checked(z.union([z.string(), z.number()]), serverVersion), {
    description: 'PostgreSQL version of the target, major or exact.',
    usedBy: VALIDATE,
    written: '16 or 14.2',
  }),
  lockTimeout: key(durationOf('lockTimeout'), {
    description: "PostgreSQL's `lock_timeout` for each try.",
    usedBy: 'up, down, validate (rules about timeouts)',
    fallback: DEFAULTS.lockTimeout / 1_000,
    written: 'duration (s)',
  }),
  statementTimeout: key(durationOf('statementTimeout'), {
    description: "PostgreSQL's `statement_timeout`; 0 for none.",
    usedBy: 'up, down, validate (rules about timeouts)',
    fallback: DEFAULTS.statementTimeout / 1_000,
    written: 'duration (s)',
  }),
  leaseTimeout: key(durationOf('leaseTimeout'), {
    description: 'How long a command waits for another one on the same database.',
    usedBy: RUNS,
    fallback: DEFAULTS.leaseTimeout / 1_000,
    written: 'duration (s)',
  }),
  systemSchema: key(checked(z.string(), schemaName), {
    description: "Schema of Airlock's own tables. Default: the first schema of the search path.",
    usedBy: DATABASE,
  }),
  outOfOrder: key(z.enum(OUT_OF_ORDER), {
    description: 'A migration that sorts before one that was applied: refused (`strict`), or run (`allow`).',
    usedBy: 'up, plan, status',
    fallback: DEFAULTS.outOfOrder,
  }),
  environments: key(z.record(environmentName(), environmentSchema), {
    description: 'Policy by target database. Addresses come from variables, never from this file.',
    usedBy: DATABASE,
    written: 'name: policy',
  }),
  shadow: key(shadowSchema, {
    description: 'Database that proofs are made in; an address must hold no password.',
    usedBy: PROOF,
    fallback: 'auto',
    written: 'auto, embedded, local, address or mapping',
  }),
  healthCheck: key(healthCheckSchema(), { description: 'Asked after each run.', usedBy: 'up' }),
  approvers: key(approversSchema(), { description: 'Who may approve a plan.', usedBy: RUNS }),
  backup: key(backupSchema, { description: 'Backups before a run.', usedBy: BACKUPS }),
  alerts: key(
    z.strictObject({
      webhook: requiredKey(checked(z.string(), variableName), {
        description: 'Name of the variable that holds the address.',
        usedBy: RUNS,
        written: 'name of a variable',
      }),
      on: key(z.array(z.enum(ALERT_EVENTS)), {
        description:
          'What is told: `failed` (a migration, the health check, the connection), `rolled-back` (by the run itself), `approval-required`, `lease-held`.',
        usedBy: RUNS,
        fallback: ['failed', 'rolled-back'],
      }),
    }),
    {
      description: 'Where trouble is told: `webhook` names the variable that holds the address.',
      usedBy: RUNS,
    },
  ),
});

export type FileConfiguration = z.output<typeof configurationSchema>;

function environmentName() {
  return z
    .string()
    .check(
      z.regex(
        /^[A-Za-z][A-Za-z0-9_-]{0,62}$/,
        'is no name for an environment: letters, digits, - and _, a letter first, at most 63',
      ),
    );
}

function placeholderName() {
  return z
    .string()
    .check(
      z.regex(
        /^[A-Za-z_][\w.:-]{0,127}$/,
        'is no name for a placeholder: letters, digits, _ . : -, a letter first',
      ),
    );
}
