import { type Configuration, DEFAULTS, DIALECTS, FAIL_ON, RUNNERS } from './configuration.ts';
import {
  alertsOf,
  approversOf,
  backupOf,
  healthCheckOf,
  ignoreOf,
  policyOf,
  rulesOf,
  shadowOf,
} from './from-file.ts';
import type { FileConfiguration } from './schema.ts';
import {
  type Checked,
  DURATIONS,
  duration,
  glob,
  oneOf,
  repositoryPath,
  schemaName,
  serverVersion,
  shadow,
  shown,
} from './values.ts';
import { type Setting, settingFlag, settingVariable, type Variables, variable } from './variables.ts';

/** What the command line gave, unparsed; a list where a flag may be repeated. */
export type Flags = { readonly [S in Setting]?: string | readonly string[] | undefined };

export interface Layers {
  readonly flags?: Flags | undefined;
  readonly env?: Variables | undefined;
  readonly file?: FileConfiguration | undefined;
  /** The flag `--snapshot`, for `shadow.snapshot`: the one flag for a key that stands below another. */
  readonly snapshot?: string | undefined;
  /** Ids that `layout` may name. */
  readonly layouts: readonly string[];
}

export type ResolvedConfiguration =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] };

/** A flag or a variable with a wrong value. */
interface SettingProblem {
  /** `--fail-on` or `AIRLOCK_FAIL_ON`. */
  readonly setting: string;
  /** Begins with the setting. */
  readonly message: string;
}

/** Flag before environment variable before file before default. All wrong flags and variables are reported at once. */
export function resolveConfiguration(layers: Layers): ResolvedConfiguration {
  const problems: SettingProblem[] = [];
  const given = <T>(setting: Setting, check: (written: readonly string[]) => Checked<T>): T | undefined => {
    const written = writtenOf(setting, layers);
    if (written === undefined) return undefined;
    const result = check(written.values);
    if ('value' in result) return result.value;
    problems.push({ setting: written.setting, message: `${written.setting}: ${result.problem}` });
    return undefined;
  };
  const one = <T>(setting: Setting, check: (written: string) => Checked<T>) =>
    given(setting, (values) =>
      values.length === 1 ? check(values[0] ?? '') : { problem: 'is given more than once' },
    );

  const time = (setting: Setting & keyof typeof DURATIONS) =>
    one(setting, (written) => duration(written, DURATIONS[setting]));

  const file = layers.file ?? {};
  const shadowKind = one('shadow', (written) => shadow(written, 'allowed'));
  const snapshot = namedSnapshot(layers, problems) ?? file.shadow?.snapshot;
  const inherited = {
    approvers: approversOf(file.approvers),
    healthCheck: healthCheckOf(file.healthCheck),
    approvals: requiredApprovals(layers.env ?? {}, problems),
  };
  const configuration: Configuration = {
    directories:
      given('directory', (written) => everyOne(written, repositoryPath)) ??
      (file.directory === undefined ? undefined : [file.directory].flat()),
    layout: one('layout', (written) => oneOf(written, layers.layouts)) ?? file.layout,
    layouts: file.layouts ?? DEFAULTS.layouts,
    dialect: one('dialect', (written) => oneOf(written, DIALECTS)) ?? file.dialect ?? DEFAULTS.dialect,
    runner: one('runner', (written) => oneOf(written, RUNNERS)) ?? file.runner,
    exclude:
      given('exclude', (written) => everyOne(written, glob)) ?? [file.exclude ?? DEFAULTS.exclude].flat(),
    placeholders: new Map(
      Object.entries(file.placeholders ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    rules: rulesOf(file.rules ?? {}),
    failOn: one('failOn', (written) => oneOf(written, FAIL_ON)) ?? file.failOn ?? DEFAULTS.failOn,
    ignore: ignoreOf(file.ignore),
    sizes: one('sizes', repositoryPath) ?? file.sizes ?? snapshot,
    targetVersion: one('targetVersion', serverVersion) ?? file.targetVersion,
    lockTimeout: time('lockTimeout') ?? file.lockTimeout ?? DEFAULTS.lockTimeout,
    statementTimeout: time('statementTimeout') ?? file.statementTimeout ?? DEFAULTS.statementTimeout,
    leaseTimeout: time('leaseTimeout') ?? file.leaseTimeout ?? DEFAULTS.leaseTimeout,
    systemSchema: one('systemSchema', schemaName) ?? file.systemSchema,
    outOfOrder: file.outOfOrder ?? DEFAULTS.outOfOrder,
    requireApproval: inherited.approvals,
    environments: new Map(
      Object.entries(file.environments ?? {}).map(([name, policy]) => [
        name,
        policyOf(name, policy, inherited),
      ]),
    ),
    shadow: { ...shadowOf(file.shadow), snapshot, ...(shadowKind && { url: undefined, ...shadowKind }) },
    healthCheck: inherited.healthCheck,
    approvers: inherited.approvers,
    backup: backupOf(file.backup),
    alerts: alertsOf(file.alerts),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, configuration };
}

function namedSnapshot({ snapshot }: Layers, problems: SettingProblem[]): string | undefined {
  if (snapshot === undefined) return undefined;
  const path = repositoryPath(snapshot);
  if ('value' in path) return path.value;
  problems.push({ setting: '--snapshot', message: `--snapshot: ${path.problem}` });
  return undefined;
}

/** REQUIRE_APPROVAL only tightens: a variable must not take back what the reviewed file asks for. */
function requiredApprovals(env: Variables, problems: SettingProblem[]): number {
  const name = 'REQUIRE_APPROVAL';
  const written = variable(env, name)?.toLowerCase();
  if (written === undefined || written === 'false' || written === '0') return 0;
  if (written === 'true' || written === '1') return 1;
  problems.push({ setting: name, message: `${name}: ${shown(written)} is not true or false` });
  return 0;
}

/** A variable holds such a list one entry a line, as the inputs of an Action do. */
const LISTS: ReadonlySet<Setting> = new Set<Setting>(['directory', 'exclude']);

function writtenOf(
  setting: Setting,
  { flags, env }: Layers,
): { setting: string; values: readonly string[] } | undefined {
  const flag = flags?.[setting];
  if (flag !== undefined && flag.length > 0) return { setting: settingFlag(setting), values: [flag].flat() };
  const name = settingVariable(setting);
  const value = variable(env ?? {}, name);
  if (value === undefined) return undefined;
  const values = LISTS.has(setting)
    ? value
        .split('\n')
        .map((part) => part.trim())
        .filter((part) => part !== '')
    : [value];
  return { setting: name, values };
}

function everyOne(
  written: readonly string[],
  check: (written: string) => Checked<string>,
): Checked<readonly string[]> {
  const value: string[] = [];
  for (const one of written) {
    const result = check(one);
    if ('problem' in result) return result;
    value.push(result.value);
  }
  return { value };
}
