import type { Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { foreignKeysOf } from './shared/foreign-keys.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'no-on-delete-cascade',
  title: 'Foreign key with ON DELETE CASCADE',
  severity: 'off',
  why: 'With ON DELETE CASCADE one DELETE on the referenced table silently deletes the rows that point to it, and what points to those in turn, in the same transaction and however many they are.',
  safeAlternative:
    'Use ON DELETE RESTRICT and delete the referencing rows explicitly, in batches where there are many.',
  sections: ['up'],
  reference: 'ddl-constraints',
  knownAs: { 'eslint-plugin-postgresql': ['no-on-delete-cascade'] },
  statements: { 'create-table': check, 'alter-table': check },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id) ON DELETE CASCADE);',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id) ON DELETE RESTRICT);',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id) ON UPDATE CASCADE);',
    },
  ],
};

function* check(statement: Statement, context: StatementContext): Generator<Problem> {
  for (const { table, constraint, references } of foreignKeysOf(statement)) {
    if (constraint.onDelete !== 'cascade') continue;
    yield {
      span: context.nested ? statement.span : constraint.span,
      message: `Deleting a row of ${quoted(references.relation)} silently deletes the rows of ${quoted(table)} that point to it.`,
    };
  }
}
