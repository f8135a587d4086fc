import type { Constraint } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'not-enforced-constraint',
  title: 'Constraint that is NOT ENFORCED',
  severity: 'warning',
  why: 'A NOT ENFORCED constraint (PostgreSQL 18 and later, CHECK and FOREIGN KEY) is never checked, neither for rows that are there nor for new ones: it looks like a guarantee and rows that break it are stored without an error. Older servers refuse the syntax.',
  safeAlternative:
    'Add the constraint NOT VALID instead: new rows are checked at once, and VALIDATE CONSTRAINT checks the old ones later without blocking writes.',
  sections: ['up'],
  reference: 'sql-createtable',
  knownAs: { migrationpilot: ['MP082'] },
  statements: {
    *'create-table'(statement) {
      yield* problems(
        [...statement.constraints, ...statement.columns.flatMap((column) => column.constraints)],
        quoted(statement.table),
      );
    },
    *'alter-table'(statement) {
      for (const action of statement.actions) {
        if (action.action === 'add-constraint') yield* problems([action.constraint], quoted(statement.table));
        if (action.action === 'add-column')
          yield* problems(action.column.constraints, quoted(statement.table));
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total > 0) NOT ENFORCED;',
      target: { major: 18 },
    },
    {
      sql: 'CREATE TABLE payments (id bigint PRIMARY KEY, amount numeric CHECK (amount > 0) NOT ENFORCED);',
      target: { major: 18 },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total > 0) NOT VALID;',
    },
  ],
};

function* problems(constraints: readonly Constraint[], table: string): Generator<Problem> {
  for (const constraint of constraints) {
    if (constraint.enforced) continue;
    const which =
      constraint.name === undefined
        ? `This ${constraint.type === 'check' ? 'CHECK' : 'constraint'}`
        : quoted(constraint.name);
    yield {
      span: constraint.span,
      message: `${which} on ${table} is never checked: rows that break it are stored without an error.`,
    };
  }
}
