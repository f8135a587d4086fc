import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { identifier, qualified, quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'pg18-not-null-not-valid',
  title: 'CHECK (column IS NOT NULL) where PostgreSQL 18 has NOT NULL … NOT VALID',
  severity: 'info',
  why: 'Before PostgreSQL 18 a column became NOT NULL without a long lock only by way of a CHECK, which had to be validated, used and dropped again. PostgreSQL 18 adds NOT NULL itself as NOT VALID: new rows are checked at once, and VALIDATE CONSTRAINT reads the old ones under SHARE UPDATE EXCLUSIVE.',
  safeAlternative:
    'ALTER TABLE … ADD CONSTRAINT … NOT NULL column NOT VALID, and VALIDATE CONSTRAINT in a later migration. No CHECK is left to drop.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { migrationpilot: ['MP081'] },
  statements: {
    *'alter-table'(statement, context) {
      if (context.target.major === undefined || context.target.major < 18) return;
      for (const action of actionsInUse(statement, context)) {
        if (
          action.action !== 'add-constraint' ||
          action.constraint.type !== 'check' ||
          !action.constraint.notValid
        )
          continue;
        const { columns, impliesNotNull, name, expression } = action.constraint;
        const [column] = impliesNotNull;
        if (column === undefined || impliesNotNull.length !== 1 || columns.length !== 1) continue;
        // More than the one test: CHECK (a IS NOT NULL AND a > 0).
        if (
          !context.nested &&
          expression &&
          /\band\b/i.test(
            context.text.slice(
              expression.span.start,
              Math.min(expression.span.end, expression.span.start + 500),
            ),
          )
        )
          continue;
        yield {
          span: action.span,
          message: `PostgreSQL ${context.target.major} can make ${quoted(column)} NOT NULL directly, without this CHECK.`,
          advice: `ALTER TABLE ${qualified(statement.table)} ADD CONSTRAINT ${name === undefined ? '…' : identifier(name)} NOT NULL ${identifier(column)} NOT VALID; and VALIDATE CONSTRAINT in a later migration.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users ADD CONSTRAINT users_email_present CHECK (email IS NOT NULL) NOT VALID;',
      target: { major: 18 },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users ADD CONSTRAINT users_email_not_null NOT NULL email NOT VALID;',
      target: { major: 18 },
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'ALTER TABLE users ADD CONSTRAINT users_email_present CHECK (email IS NOT NULL) NOT VALID;',
      target: { major: 16 },
      note: 'There is no other way on PostgreSQL 16.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text, phone text);'],
      sql: 'ALTER TABLE users ADD CONSTRAINT users_reachable CHECK (email IS NOT NULL OR phone IS NOT NULL) NOT VALID;',
      target: { major: 18 },
    },
  ],
};
