import type { Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { foreignKeysOf } from './shared/foreign-keys.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'require-deferrable-fk',
  title: 'Foreign key that is not DEFERRABLE',
  severity: 'off',
  why: 'A foreign key is checked at the end of each statement unless it is DEFERRABLE: rows that point to each other cannot be written in any order within one transaction, and bulk loads and tests have to sort their rows.',
  safeAlternative:
    'Write DEFERRABLE INITIALLY IMMEDIATE: it is checked as before until a transaction says SET CONSTRAINTS … DEFERRED.',
  sections: ['up'],
  reference: 'sql-set-constraints',
  knownAs: { migrationpilot: ['MP074'] },
  statements: { 'create-table': check, 'alter-table': check },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id) DEFERRABLE INITIALLY IMMEDIATE);',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) DEFERRABLE INITIALLY IMMEDIATE NOT VALID;',
    },
  ],
};

function* check(statement: Statement, context: StatementContext): Generator<Problem> {
  for (const { table, constraint, references } of foreignKeysOf(statement)) {
    if (constraint.deferrable) continue;
    yield {
      span: context.nested ? statement.span : constraint.span,
      message: `The foreign key from ${quoted(table)} to ${quoted(references.relation)} is not deferrable.`,
    };
  }
}
