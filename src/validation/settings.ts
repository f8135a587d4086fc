import type { Rule, Severity, Target } from '../rules/rule.ts';
import type { RunnerSettings } from './execution.ts';

/** What one repository says about one rule. */
interface RuleSetting {
  readonly severity?: Severity | 'off' | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

export interface ValidationSettings extends RunnerSettings {
  readonly dialect: 'postgres' | 'mysql';
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly target: Target;
  /** Milliseconds that one migration may take, by environment. */
  readonly maxDurations?: ReadonlyMap<string, number> | undefined;
  readonly placeholders: Readonly<Record<string, string>>;
}

/** A rule with what the configuration made of it. */
export interface ActiveRule {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The rules that are on for this dialect, with their severities and options. */
export function activeRules(
  rules: Iterable<Rule>,
  settings: Pick<ValidationSettings, 'dialect' | 'rules'>,
): ActiveRule[] {
  const active: ActiveRule[] = [];
  for (const rule of rules) {
    const setting = Object.hasOwn(settings.rules, rule.id) ? settings.rules[rule.id] : undefined;
    const severity = setting?.severity ?? rule.severity;
    if (severity === 'off' || !(rule.dialects ?? ['postgres']).includes(settings.dialect)) continue;
    const options: Record<string, unknown> = {};
    for (const [name, option] of Object.entries(rule.options ?? {})) options[name] = option.default;
    active.push({ rule, severity, options: { ...options, ...setting?.options } });
  }
  return active;
}
