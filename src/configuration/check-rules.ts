import type { Rule } from '../rules/rule.ts';
import { type DataProblem, pathText, valueAt } from './messages.ts';
import { patternProblem } from './pattern.ts';
import { didYouMean, shown } from './values.ts';

type KnownRule = Pick<Rule, 'id' | 'options'>;

/** Rule ids and options that no rule has, wherever the file names them. The schema has judged the shapes. */
export function ruleProblems(data: unknown, rules: readonly KnownRule[]): DataProblem[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return [...ids(data)].flatMap(({ path, at, id }): DataProblem[] => {
    const rule = byId.get(id);
    if (rule) return at === 'key' ? optionProblems(path, valueAt(data, path), rule) : [];
    const near = didYouMean(id, byId.keys()) || '; `airlock explain` lists them';
    return [
      {
        path,
        at,
        message: `${pathText(path)}${at === 'key' ? '' : `${shown(id)} `}is not a known rule${near}`,
      },
    ];
  });
}

function* ids(data: unknown): Generator<{ path: PropertyKey[]; at: 'key' | 'value'; id: string }> {
  const settings = valueAt(data, ['rules']);
  if (isMapping(settings)) {
    for (const id of Object.keys(settings))
      if (id !== '__proto__') yield { path: ['rules', id], at: 'key', id };
  }
  const never = valueAt(data, ['ignore', 'never']);
  for (const [at, id] of Array.isArray(never) ? never.entries() : []) {
    if (typeof id === 'string' && id !== '') yield { path: ['ignore', 'never', at], at: 'value', id };
  }
  const accept = valueAt(data, ['ignore', 'accept']);
  for (const [at] of Array.isArray(accept) ? accept.entries() : []) {
    const id = valueAt(data, ['ignore', 'accept', at, 'rule']);
    if (typeof id === 'string' && id !== '')
      yield { path: ['ignore', 'accept', at, 'rule'], at: 'value', id };
  }
}

function optionProblems(path: readonly PropertyKey[], setting: unknown, rule: KnownRule): DataProblem[] {
  const below = Array.isArray(setting) ? [...path, 1] : [...path, 'options'];
  const options = Array.isArray(setting) ? setting[1] : valueAt(setting, ['options']);
  if (!isMapping(options)) return [];
  const known = rule.options ?? {};
  return Object.entries(options).flatMap(([name, value]): DataProblem[] => {
    const at = [...below, name];
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    const label = `rules.${rule.id}: option ${shown(name)} `;
    if (option === undefined) {
      const names = Object.keys(known);
      const list = names.length === 0 ? '; the rule has no options' : `; known are ${names.join(', ')}`;
      return [{ path: at, at: 'key', message: `${label}is not known${didYouMean(name, names) || list}` }];
    }
    const wrong = sameKind(value, option.default)
      ? option.pattern && patternProblem(withoutNames(String(value)))
      : `must be ${kind(option.default)}, not ${shown(value)}`;
    return wrong === undefined ? [] : [{ path: at, at: 'value', message: `${label}${wrong}` }];
  });
}

/** With a character that may be any in place of each {name} that is put in as plain text: names are not chosen here. */
function withoutNames(pattern: string): string {
  return pattern.replace(/\{[A-Za-z]+\}/g, '[^]');
}

/** The default tells the type; the first entry of a list that of its entries, text where it is empty. */
function sameKind(value: unknown, like: unknown): boolean {
  if (Array.isArray(like)) {
    const entry: unknown = like.length === 0 ? '' : like[0];
    return Array.isArray(value) && value.every((item) => sameKind(item, entry));
  }
  if (isMapping(like)) return isMapping(value);
  if (like === null || like === undefined)
    return value === null || typeof value === 'string' || typeof value === 'number';
  return typeof value === typeof like && (typeof value !== 'number' || Number.isFinite(value));
}

function kind(like: unknown): string {
  if (Array.isArray(like)) return typeof like[0] === 'number' ? 'a list of numbers' : 'a list of texts';
  if (isMapping(like)) return 'a mapping';
  if (typeof like === 'number') return 'a number';
  return typeof like === 'boolean' ? 'true or false' : 'text';
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
