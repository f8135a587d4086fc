import { describe, expect, it } from 'vitest';
import { examples } from '../../src/rules/examples.ts';
import { registry } from '../../src/rules/registry.ts';
import { checkExample } from './check-example.ts';

/** RULE=id runs the examples of one rule only. */
const only = process.env['RULE']?.split(',');
const rules = [...registry.values()].filter(
  (rule) => (only === undefined || only.includes(rule.id)) && rule.firedBy !== 'action',
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
