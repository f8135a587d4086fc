import { defineRule, type RuleExamples } from './rule.ts';
import { nameOfKey } from './shared/keys.ts';
import { identifier, qualified, quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'drop-constraint-backing-index',
  title: 'DROP INDEX of an index that a constraint owns',
  severity: 'error',
  why: 'The index of a PRIMARY KEY, UNIQUE or EXCLUDE constraint belongs to the constraint. DROP INDEX of it fails ("cannot drop index … because constraint … requires it"), with CASCADE too, and the migration with it.',
  safeAlternative: 'Drop the constraint: ALTER TABLE … DROP CONSTRAINT …; the index goes with it.',
  claims: ['fails'],
  sections: ['up'],
  reference: 'sql-dropindex',
  knownAs: { migrationpilot: ['MP097'] },
  statements: {
    *drop(statement, context) {
      if (statement.objectType !== 'index') return;
      for (const index of statement.objects) {
        const known = context.catalog.index(index);
        if (known?.constraint === undefined) continue;
        const table = nameOfKey(known.table);
        const sql = `ALTER TABLE ${qualified(table)} DROP CONSTRAINT ${statement.ifExists ? 'IF EXISTS ' : ''}${identifier(known.constraint)}`;
        const alone = statement.objects.length === 1 && !context.nested;
        yield {
          span: index.span,
          message: `DROP INDEX fails: ${quoted(index)} belongs to the constraint ${quoted(known.constraint)} of ${quoted(table)}.`,
          advice: `${sql}; drops both.`,
          ...(alone
            ? {
                fix: {
                  title: 'Drop the constraint, and its index with it',
                  edits: [{ ...statement.span, text: sql }],
                },
              }
            : {}),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);'],
      sql: 'DROP INDEX users_email_key;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'DROP INDEX IF EXISTS users_pkey CASCADE;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);'],
      sql: 'ALTER TABLE users DROP CONSTRAINT users_email_key;',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email text);\nCREATE UNIQUE INDEX idx_users_email ON users (email);',
      ],
      sql: 'DROP INDEX CONCURRENTLY idx_users_email;',
      noTransaction: true,
      note: 'A unique index without a constraint.',
    },
  ],
};
