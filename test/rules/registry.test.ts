import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { registry } from '../../src/rules/registry.ts';

const FOLDER = fileURLToPath(new URL('../../src/rules/', import.meta.url));
const files = readdirSync(FOLDER).filter(
  (name) => name.endsWith('.ts') && !['rule.ts', 'registry.ts', 'examples.ts'].includes(name),
);
const rules = [...registry.values()];

describe('the registry', () => {
  it('holds every rule file under the id of its file name', () => {
    expect([...registry.keys()].sort()).toEqual(files.map((name) => name.slice(0, -'.ts'.length)).sort());
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s has its words', (_, rule) => {
    expect(rule.title).toMatch(/^[A-Za-z"].*[^.]$/s);
    for (const text of [rule.why, rule.safeAlternative]) expect(text).toMatch(/^[A-Z"`(].*[.)`;]$/s);
    expect(rule.title.length).toBeLessThanOrEqual(100);
  });

  it('fires every rule from somewhere', () => {
    const silent = rules.filter(
      (rule) => !rule.statements && !rule.migration && !rule.change && rule.firedBy === undefined,
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it('gives no name of another linter to a rule twice', () => {
    for (const rule of rules) {
      for (const names of Object.values(rule.knownAs ?? {}))
        expect(new Set(names).size, rule.id).toBe(names.length);
    }
  });
});
