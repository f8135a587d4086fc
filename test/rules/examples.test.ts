import { describe, expect, it } from 'vitest';
import { registry } from '../../src/rules/registry.ts';
import { checkExample } from './check-example.ts';

/** RULE=id runs the examples of one rule only. */
const only = process.env['RULE']?.split(',');
const rules = [...registry.values()].filter(
  (rule) => (only === undefined || only.includes(rule.id)) && rule.firedBy !== 'action',
);

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  it('has at least one bad and one good example', () => {
    expect(rule.examples.bad.length).toBeGreaterThan(0);
    expect(rule.examples.good.length).toBeGreaterThan(0);
  });

  it.each(rule.examples.bad.map((example, index) => [index, example] as const))(
    'fires on bad example %i',
    async (_, example) => {
      const raised = await checkExample(id, example);
      expect(raised.map((each) => each.ruleId)).toContain(id);
    },
  );

  it.each(rule.examples.good.map((example, index) => [index, example] as const))(
    'is silent on good example %i',
    async (_, example) => {
      const raised = await checkExample(id, example);
      expect(raised.filter((each) => each.ruleId === id).map((each) => each.message)).toEqual([]);
    },
  );
});
