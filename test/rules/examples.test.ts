import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { examples } from '../../src/rules/examples.ts';
import { registry } from '../../src/rules/registry.ts';
import { checkExample } from './check-example.ts';

/** RULE=id runs the examples of one rule only. */
const only = process.env['RULE']?.split(',');
const rules = [...registry.values()].filter(
  (rule) =>
    (only === undefined || only.includes(rule.id)) && rule.firedBy !== 'action' && rule.firedBy !== 'proof',
);

describe.each(rules.map(({ id }) => [id]))('%s', (id) => {
  const { bad, good } = examples.get(id) ?? { bad: [], good: [] };

  it('has at least one bad and one good example', () => {
    expect(bad.length).toBeGreaterThan(0);
    expect(good.length).toBeGreaterThan(0);
  });

  it.each(bad.map((example, index) => [index, example] as const))(
    'fires on bad example %i',
    async (_, example) => {
      const raised = await checkExample(id, example);
      expect(raised.map((each) => each.ruleId)).toContain(id);
    },
  );

  it.each(good.map((example, index) => [index, example] as const))(
    'is silent on good example %i',
    async (_, example) => {
      const raised = await checkExample(id, example);
      expect(raised.filter((each) => each.ruleId === id).map((each) => each.message)).toEqual([]);
    },
  );
});

const TESTS = fileURLToPath(new URL('../', import.meta.url));
/** What proofs fire is shown by proofs: of migrations made for it, and of examples/pull-requests. */
const PROOFS = [
  ...readdirSync(join(TESTS, 'proof'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(TESTS, 'proof', name)),
  ...readdirSync(join(TESTS, '../examples/pull-requests'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('README.md'))
    .map((path) => join(TESTS, '../examples/pull-requests', path)),
].map((path) => readFileSync(path, 'utf8'));

it.each([...registry.values()].filter(({ firedBy }) => firedBy === 'proof').map(({ id }) => id))(
  '%s, which running fires, has examples, and proofs in which it is told',
  (id) => {
    expect(examples.get(id)?.bad.length).toBeGreaterThan(0);
    expect(examples.get(id)?.good.length).toBeGreaterThan(0);
    // Of those that may be ignored, verdict-examples.test.ts runs every example.
    if (registry.get(id)?.ignorable) return;
    expect(PROOFS.some((text) => new RegExp(`['\`]${id}['\` ]`).test(text))).toBe(true);
  },
);
