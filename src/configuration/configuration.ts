import type { LayoutSettings } from '../migration/layout.ts';
import type { Severity, Target } from '../rules/rule.ts';

/**
 * What a run is told to do, after flags, variables, file and defaults were put together.
 * Plain objects only: a repository without a configuration file pays for no parser and no schema.
 * Every duration is in milliseconds here, whatever unit it was written in.
 */
export interface Configuration {
  /** Migration folders relative to the repository root, `''` for the root itself. Undefined: Airlock looks for them. */
  readonly directories?: readonly string[] | undefined;
  /** Undefined: detected. */
  readonly layout?: string | undefined;
  readonly layouts: LayoutSettings;
  readonly dialect: Dialect;
  /** Undefined: depends on the layout, see `runnerFor`. */
  readonly runner?: Runner | undefined;
  /** Globs relative to the repository root. */
  readonly exclude: readonly string[];
  readonly placeholders: ReadonlyMap<string, string>;
  readonly rules: ReadonlyMap<string, RuleSetting>;
  readonly failOn: FailOn;
  readonly ignore: IgnorePolicy;
  /** Relative to the repository root. */
  readonly sizes?: string | undefined;
  readonly targetVersion?: ServerVersion | undefined;
  readonly lockTimeout: number;
  /** 0: none. */
  readonly statementTimeout: number;
  readonly leaseTimeout: number;
  /** Undefined: the first schema of the search path. */
  readonly systemSchema?: string | undefined;
  /** What happens to a migration that sorts before one that was applied. */
  readonly outOfOrder: OutOfOrder;
  /** REQUIRE_APPROVAL: how many people must approve where no environment says it. */
  readonly requireApproval: number;
  readonly environments: ReadonlyMap<string, EnvironmentPolicy>;
  readonly shadow: ShadowSettings;
  readonly healthCheck?: HealthCheck | undefined;
  readonly approvers: Approvers;
  readonly backup: BackupSettings;
  readonly alerts?: AlertSettings | undefined;
}

export const DIALECTS = ['postgres', 'mysql'] as const;
export const RUNNERS = ['airlock', 'native'] as const;
export const FAIL_ON = ['error', 'warning', 'info', 'never'] as const;
export const RULE_SEVERITIES = ['off', 'info', 'warning', 'error'] as const;
export const OUT_OF_ORDER = ['strict', 'allow'] as const;
export const SHADOW_KINDS = ['auto', 'embedded', 'local'] as const;
export const ALERT_EVENTS = ['failed', 'rolled-back', 'approval-required', 'lease-held'] as const;

type Dialect = (typeof DIALECTS)[number];
type OutOfOrder = (typeof OUT_OF_ORDER)[number];
export type Runner = (typeof RUNNERS)[number];
export type FailOn = (typeof FAIL_ON)[number];

export interface RuleSetting {
  /** Undefined: the rule's own. */
  readonly severity?: Severity | 'off' | undefined;
  /** Only what was written; the rule's defaults are not filled in. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface IgnorePolicy {
  /** `-- @ignore` comments, and those of other linters, are obeyed. */
  readonly comments: boolean;
  /** Rule ids that no comment can silence. */
  readonly never: readonly string[];
  readonly accept: readonly AcceptedFinding[];
}

/** Findings of one rule that the repository's policy lives with. */
interface AcceptedFinding {
  readonly rule: string;
  /** Globs relative to the repository root; undefined: everywhere. */
  readonly files?: readonly string[] | undefined;
  readonly reason: string;
}

export interface ServerVersion {
  readonly major: number;
  /** As written, where it says more than the major version: "14.2". */
  readonly serverVersion?: string | undefined;
}

export interface EnvironmentPolicy {
  readonly skipBackup: boolean;
  readonly skipValidation: boolean;
  /** What is rolled back when a migration, its VERIFY or the health check fails. */
  readonly autoRollback: 'off' | 'migration' | 'run';
  /** Per migration; undefined: no limit. */
  readonly maxDuration?: number | undefined;
  /** How many people must approve; 0: nobody. */
  readonly requireApproval: number;
  /** Name of the environment variable that holds the address for what needs a session of its own. */
  readonly directUrl: string;
  readonly healthCheck?: HealthCheck | undefined;
  readonly approvers: Approvers;
}

export interface HealthCheck {
  readonly url?: string | undefined;
  /** HTTP status that means healthy. */
  readonly status: number;
  readonly sql?: string | undefined;
  readonly timeout: number;
}

export interface Approvers {
  readonly users: readonly string[];
  /** `organisation/team`. */
  readonly teams: readonly string[];
  readonly allowAuthor: boolean;
}

export interface ShadowSettings {
  readonly kind: (typeof SHADOW_KINDS)[number] | 'url';
  /** With kind `url`. May hold a password when it came from a variable or a flag: never print it. */
  readonly url?: string | undefined;
  /** SQL files that are run before the migrations. */
  readonly prepare: readonly string[];
  /** File that `airlock snapshot` wrote, relative to the repository root: it stands in place of the history. */
  readonly snapshot?: string | undefined;
  readonly extensions: readonly string[];
}

export interface BackupSettings {
  /** A folder, or `s3://bucket/prefix`. */
  readonly storage: string;
  readonly s3: {
    readonly region?: string | undefined;
    readonly endpoint?: string | undefined;
    readonly pathStyle: boolean;
  };
  readonly keep: {
    readonly last: number;
    readonly daily: number;
    readonly weekly: number;
    readonly monthly: number;
  };
}

export interface AlertSettings {
  /** Name of the environment variable that holds the address. */
  readonly webhook: string;
  readonly on: readonly (typeof ALERT_EVENTS)[number][];
}

export const DEFAULT_APPROVERS: Approvers = { users: [], teams: [], allowAuthor: false };
export const DEFAULT_HEALTH_CHECK = { status: 200, timeout: 30_000 } as const;
export const DEFAULT_POLICY = {
  skipBackup: false,
  skipValidation: false,
  autoRollback: 'off',
  requireApproval: 0,
} as const satisfies Partial<EnvironmentPolicy>;

export const DEFAULTS: Configuration = {
  layouts: {},
  dialect: 'postgres',
  exclude: [],
  placeholders: new Map(),
  rules: new Map(),
  failOn: 'error',
  ignore: { comments: true, never: ['merged-migration-edited', 'system-tables'], accept: [] },
  lockTimeout: 5_000,
  statementTimeout: 1_800_000,
  leaseTimeout: 300_000,
  outOfOrder: 'strict',
  requireApproval: 0,
  environments: new Map(),
  shadow: { kind: 'auto', prepare: [], extensions: [] },
  approvers: DEFAULT_APPROVERS,
  backup: {
    storage: '.airlock/backups',
    s3: { pathStyle: false },
    keep: { last: 10, daily: 7, weekly: 4, monthly: 12 },
  },
};

/** Airlock runs its own layout; the files of other layouts are run by their own tool unless told otherwise. */
export function runnerFor(configuration: Pick<Configuration, 'runner'>, layout: string): Runner {
  return configuration.runner ?? (layout === 'airlock' ? 'airlock' : 'native');
}

/** What rules know of the target where there is no sizes file. */
export function targetWithoutSizes({ targetVersion }: Pick<Configuration, 'targetVersion'>): Target {
  return { ...targetVersion, tables: new Map() };
}
