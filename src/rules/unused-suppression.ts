import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'unused-suppression',
  title: 'Ignore comment that ignores nothing',
  severity: 'info',
  why: 'Nothing is wrong with what it names, or no rule has that name. It misleads whoever reads it, and silences a real finding once somebody changes the statement below it.',
  safeAlternative: 'Remove the comment, or correct the name of the rule.',
  sections: ['up', 'down'],
  dialects: ['postgres', 'mysql'],
  knownAs: { squawk: ['unused-ignore'] },
  firedBy: 'suppressions',
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: '-- @ignore create-index-concurrently the table is new\nCREATE TABLE orders (id bigint PRIMARY KEY);',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: '-- @ignore create-index-concurently the shop is closed\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
      note: 'No rule has that name.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: '-- @ignore create-index-concurrently the shop is closed while this runs\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
    },
  ],
};
