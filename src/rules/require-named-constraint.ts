import type { Constraint } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples } from './rule.ts';

const KIND: Readonly<Partial<Record<Constraint['type'], string>>> = {
  'primary-key': 'PRIMARY KEY',
  unique: 'UNIQUE',
  'foreign-key': 'FOREIGN KEY',
  check: 'CHECK',
  exclusion: 'EXCLUDE',
};

export const rule = defineRule({
  id: 'require-named-constraint',
  title: 'Constraint without a name',
  severity: 'off',
  why: 'PostgreSQL makes up a name from table and columns, with a number behind it where that name is taken. A later migration that drops or validates the constraint has to guess it, and may guess wrong on a database where things were made in another order.',
  safeAlternative: 'Write CONSTRAINT name before it.',
  sections: ['up'],
  reference: 'ddl-constraints',
  knownAs: { 'eslint-plugin-postgresql': ['require-named-constraint'] },
  statements: {
    *'create-table'(statement) {
      if (statement.persistence !== 'temporary')
        yield* problems([
          ...statement.constraints,
          ...statement.columns.flatMap((column) => column.constraints),
        ]);
    },
    *'alter-table'(statement) {
      for (const action of statement.actions) {
        if (action.action === 'add-constraint') yield* problems([action.constraint]);
        if (action.action === 'add-column') yield* problems(action.column.constraints);
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE orders (id bigint, total numeric, CONSTRAINT orders_pkey PRIMARY KEY (id), CHECK (total > 0));',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'ALTER TABLE orders ADD CHECK (total > 0) NOT VALID;',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE orders (id bigint CONSTRAINT orders_pkey PRIMARY KEY, total numeric NOT NULL CONSTRAINT orders_total_positive CHECK (total > 0));',
    },
    { sql: 'CREATE TEMPORARY TABLE chosen (id bigint PRIMARY KEY);' },
  ],
};

function* problems(constraints: readonly Constraint[]): Generator<Problem> {
  for (const constraint of constraints) {
    const kind = KIND[constraint.type];
    // A constraint that takes over an index takes over its name, too.
    if (kind === undefined || constraint.name !== undefined || constraint.usingIndex !== undefined) continue;
    yield { span: constraint.span, message: `This ${kind} has no name: PostgreSQL makes one up.` };
  }
}
