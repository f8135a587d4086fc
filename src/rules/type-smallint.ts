import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { typeChecks } from './shared/typed-columns.ts';

export const rule = defineRule({
  id: 'type-smallint',
  title: 'Column of type smallint',
  severity: 'off',
  why: 'A smallint ends at 32,767: the first value beyond it fails with error 22003. The larger type is then due in a hurry, and that change writes the table anew under ACCESS EXCLUSIVE. The two bytes that smallint saves are often lost again to alignment.',
  safeAlternative: 'Use bigint, or integer where the values stay small for certain.',
  sections: ['up'],
  reference: 'datatype-numeric',
  knownAs: {
    squawk: ['prefer-bigint-over-smallint'],
    pgls: ['preferBigintOverSmallint'],
  },
  statements: typeChecks(({ type, table, name }) =>
    type.name === 'smallint' && type.schema === undefined
      ? { message: `${quoted(name)} of ${quoted(table)} holds nothing above 32,767.` }
      : undefined,
  ),
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE carts (id bigint PRIMARY KEY, items smallint NOT NULL);' },
    { sql: 'CREATE TABLE shelves (id smallserial PRIMARY KEY);' },
  ],
  good: [
    { sql: 'CREATE TABLE carts (id bigint PRIMARY KEY, items integer NOT NULL);' },
    {
      history: ['CREATE TABLE carts (id bigint PRIMARY KEY, items smallint NOT NULL);'],
      sql: 'ALTER TABLE carts ALTER COLUMN items TYPE integer;',
    },
  ],
};
