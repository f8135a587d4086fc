import {
  type AlertSettings,
  type Approvers,
  type BackupSettings,
  DEFAULT_APPROVERS,
  DEFAULT_HEALTH_CHECK,
  DEFAULT_POLICY,
  DEFAULTS,
  type EnvironmentPolicy,
  type HealthCheck,
  type IgnorePolicy,
  type RuleSetting,
  type ShadowSettings,
} from './configuration.ts';
import type { FileConfiguration } from './schema.ts';
import { environmentVariable } from './variables.ts';

/** Sections of the file with their defaults filled in; a section that is not there is all defaults. */

type FileRules = NonNullable<FileConfiguration['rules']>;
type FilePolicy = NonNullable<FileConfiguration['environments']>[string];

export function rulesOf(rules: FileRules): Map<string, RuleSetting> {
  return new Map(Object.entries(rules).map(([id, setting]) => [id, ruleOf(setting)]));
}

function ruleOf(setting: FileRules[string]): RuleSetting {
  if (typeof setting === 'string') return { severity: setting, options: {} };
  if (Array.isArray(setting)) return { severity: setting[0], options: setting[1] ?? {} };
  return { severity: setting.severity, options: setting.options ?? {} };
}

export function ignoreOf(ignore: FileConfiguration['ignore']): IgnorePolicy {
  return { ...DEFAULTS.ignore, ...withoutUndefined(ignore) };
}

export function approversOf(approvers: FileConfiguration['approvers']): Approvers {
  const { users, teams, allowAuthor } = { ...DEFAULT_APPROVERS, ...withoutUndefined(approvers) };
  const plain = (name: string) => name.replace(/^@/, '');
  return { users: users.map(plain), teams: teams.map(plain), allowAuthor };
}

export function healthCheckOf(healthCheck: FileConfiguration['healthCheck']): HealthCheck | undefined {
  return healthCheck && { ...DEFAULT_HEALTH_CHECK, ...withoutUndefined(healthCheck) };
}

export function shadowOf(shadow: FileConfiguration['shadow']): ShadowSettings {
  const { kind, prepare, extensions } = DEFAULTS.shadow;
  return {
    kind,
    ...shadow?.kind,
    prepare: shadow?.prepare ?? prepare,
    snapshot: shadow?.snapshot,
    extensions: shadow?.extensions ?? extensions,
  };
}

export function backupOf(backup: FileConfiguration['backup']): BackupSettings {
  return {
    storage: backup?.storage ?? DEFAULTS.backup.storage,
    s3: { ...DEFAULTS.backup.s3, ...withoutUndefined(backup?.s3) },
    keep: { ...DEFAULTS.backup.keep, ...withoutUndefined(backup?.keep) },
  };
}

export function alertsOf(alerts: FileConfiguration['alerts']): AlertSettings | undefined {
  return alerts && { webhook: alerts.webhook, on: alerts.on ?? ['failed', 'rolled-back'] };
}

export interface Inherited {
  readonly approvers: Approvers;
  readonly healthCheck: HealthCheck | undefined;
  /** Least number of approvals. */
  readonly approvals: number;
}

export function policyOf(name: string, policy: FilePolicy, inherited: Inherited): EnvironmentPolicy {
  const { autoRollback, requireApproval } = policy;
  return {
    skipBackup: policy.skipBackup ?? DEFAULT_POLICY.skipBackup,
    skipValidation: policy.skipValidation ?? DEFAULT_POLICY.skipValidation,
    autoRollback:
      typeof autoRollback === 'string'
        ? autoRollback
        : autoRollback
          ? 'migration'
          : DEFAULT_POLICY.autoRollback,
    maxDuration: policy.maxDuration,
    requireApproval: Math.max(Number(requireApproval ?? DEFAULT_POLICY.requireApproval), inherited.approvals),
    directUrl: policy.directUrl ?? environmentVariable(name, 'DIRECT_URL'),
    healthCheck: healthCheckOf(policy.healthCheck) ?? inherited.healthCheck,
    approvers: policy.approvers ? approversOf(policy.approvers) : inherited.approvers,
  };
}

/** So that spreading does not put `undefined` over a default. */
function withoutUndefined<T extends object>(
  value: T | undefined,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const name in value) {
    const entry = value[name];
    if (entry !== undefined) kept[name] = entry as Exclude<T[typeof name], undefined>;
  }
  return kept;
}
