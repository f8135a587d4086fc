import type { Statement } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { foreignKeysOf } from './shared/foreign-keys.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'require-on-delete',
  title: 'Foreign key that does not say what ON DELETE does',
  severity: 'off',
  why: 'Without ON DELETE a foreign key means NO ACTION: deleting a row that others point to fails. Whether that was meant cannot be seen.',
  safeAlternative: 'Write ON DELETE NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT.',
  sections: ['up'],
  reference: 'ddl-constraints',
  knownAs: {
    migrationpilot: ['MP086'],
    'eslint-plugin-postgresql': ['require-on-delete-action'],
    schemalint: ['reference-actions'],
  },
  statements: { 'create-table': check, 'alter-table': check },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id) ON DELETE RESTRICT);',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE NO ACTION);',
    },
  ],
};

function* check(statement: Statement, context: StatementContext): Generator<Problem> {
  for (const { table, constraint, references } of foreignKeysOf(statement)) {
    if (constraint.onDelete !== undefined) continue;
    yield {
      span: context.nested ? statement.span : constraint.span,
      message: `The foreign key from ${quoted(table)} to ${quoted(references.relation)} does not say what happens when a row of ${quoted(references.relation)} is deleted.`,
    };
  }
}
