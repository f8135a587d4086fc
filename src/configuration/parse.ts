import * as z from 'zod/mini';
import type { Rule } from '../rules/rule.ts';
import { ruleProblems } from './check-rules.ts';
import { type DataProblem, dataProblems, pathText, valueAt } from './messages.ts';
import { configurationSchema, type FileConfiguration } from './schema.ts';
import { didYouMean } from './values.ts';
import { environmentVariable } from './variables.ts';
import { readYaml } from './yaml.ts';

/** One thing wrong in a configuration file. Lines and columns start at 1. */
export interface ConfigurationProblem {
  /** The file, relative to the repository root. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What names in a configuration may refer to. */
export interface Known {
  readonly rules: readonly Pick<Rule, 'id' | 'options'>[];
  /** Ids of the layouts. */
  readonly layouts: readonly string[];
}

export type ParsedConfiguration =
  | { readonly ok: true; readonly configuration: FileConfiguration }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] };

const MOST_CHARACTERS = 1_000_000;
const MOST_PROBLEMS = 100;

/** Text of `migration.config.yml` to settings, or everything that is wrong with it, in order of place. Pure. */
export function parseConfiguration(
  text: string,
  { path, known }: { path: string; known: Known },
): ParsedConfiguration {
  const refuse = (problems: readonly Omit<ConfigurationProblem, 'path'>[]): ParsedConfiguration => ({
    ok: false,
    problems: limited(problems).map((problem) => ({ path, ...problem })),
  });
  if (text.length > MOST_CHARACTERS) return refuse([{ line: 1, column: 1, message: 'is larger than 1 MB' }]);
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    const before = text.slice(0, nul).split('\n');
    return refuse([
      {
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
        message: 'holds a NUL byte: is not a text file',
      },
    ]);
  }

  const yaml = readYaml(text);
  if (!('value' in yaml)) return refuse(yaml);
  const data = yaml.value ?? {};
  keepAsWritten(data, yaml.written);
  const parsed = parseWithEmptySections(data);
  const problems = [
    ...(parsed.success ? [] : dataProblems(parsed.error.issues, configurationSchema, data)),
    ...protoProblems(data),
    ...ruleProblems(data, known.rules),
    ...layoutProblems(data, known.layouts),
    ...environmentProblems(data),
  ];
  if (parsed.success && problems.length === 0) return { ok: true, configuration: parsed.data };
  return refuse(
    problems.map((problem) => ({ ...yaml.locate(problem.path, problem.at), message: problem.message })),
  );
}

function limited(
  problems: readonly Omit<ConfigurationProblem, 'path'>[],
): Omit<ConfigurationProblem, 'path'>[] {
  const sorted = [...problems].sort((one, other) => one.line - other.line || one.column - other.column);
  const last = sorted[MOST_PROBLEMS - 1];
  if (last === undefined || sorted.length === MOST_PROBLEMS) return sorted;
  return [
    ...sorted.slice(0, MOST_PROBLEMS),
    { ...last, message: `and ${sorted.length - MOST_PROBLEMS} more problems` },
  ];
}

/** A mapping whose lines are all commented out is an empty mapping, not a mistake. */
function parseWithEmptySections(data: unknown): z.core.util.SafeParseResult<FileConfiguration> {
  const parsed = z.safeParse(configurationSchema, data);
  if (parsed.success) return parsed;
  let filled = false;
  for (const issue of parsed.error.issues) {
    const name = issue.path.at(-1);
    if (issue.code !== 'invalid_type' || (issue.expected !== 'object' && issue.expected !== 'record'))
      continue;
    const holder = valueAt(data, issue.path.slice(0, -1));
    if (
      name === undefined ||
      valueAt(data, issue.path) !== null ||
      typeof holder !== 'object' ||
      holder === null
    )
      continue;
    Reflect.set(holder, name, {});
    filled = true;
  }
  return filled ? parseWithEmptySections(data) : parsed;
}

/** YAML reads `14.10` as the number 14.1: what is a name to us stays as it was written. */
function keepAsWritten(data: unknown, written: (path: readonly PropertyKey[]) => string | undefined): void {
  const placeholders = valueAt(data, ['placeholders']);
  const names = typeof placeholders === 'object' && placeholders !== null ? Object.keys(placeholders) : [];
  for (const path of [['targetVersion'], ...names.map((name) => ['placeholders', name])]) {
    const holder = valueAt(data, path.slice(0, -1));
    const source = written(path);
    const name = path.at(-1);
    if (source !== undefined && name !== undefined && typeof holder === 'object' && holder !== null)
      Reflect.set(holder, name, source);
  }
}

/** zod leaves `__proto__` out of records without a word. */
function protoProblems(data: unknown): DataProblem[] {
  return ['environments', 'rules', 'placeholders']
    .map((section) => [section, '__proto__'])
    .filter((path) => valueAt(data, path) !== undefined)
    .map((path) => ({ path, at: 'key', message: `${pathText(path)}is not allowed as a name` }));
}

function layoutProblems(data: unknown, layouts: readonly string[]): DataProblem[] {
  const layout = valueAt(data, ['layout']);
  if (typeof layout !== 'string' || layout === '' || layouts.includes(layout)) return [];
  const near = didYouMean(layout, layouts) || `; known are ${layouts.join(', ')}`;
  return [
    {
      path: ['layout'],
      at: 'value',
      message: `layout: ${JSON.stringify(layout)} is not a known layout${near}`,
    },
  ];
}

/** Two environments must not share one variable. */
function environmentProblems(data: unknown): DataProblem[] {
  const environments = valueAt(data, ['environments']);
  if (typeof environments !== 'object' || environments === null) return [];
  const seen = new Map<string, string>();
  return Object.keys(environments).flatMap((name): DataProblem[] => {
    const variable = environmentVariable(name, 'DATABASE_URL');
    const earlier = seen.get(variable);
    seen.set(variable, name);
    if (earlier === undefined) return [];
    const path = ['environments', name];
    return [
      { path, at: 'key', message: `${pathText(path)}has the same variable as ${earlier}: ${variable}` },
    ];
  });
}
