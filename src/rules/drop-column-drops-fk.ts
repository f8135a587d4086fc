import { defineRule, type RuleExamples } from './rule.ts';
import { columnsDropped, constraintsOn } from './shared/dropped-columns.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'drop-column-drops-fk',
  title: 'DROP COLUMN drops a foreign key with it',
  severity: 'warning',
  why: 'DROP COLUMN drops the foreign keys that the column is part of, without CASCADE and without a word. Their triggers on the referenced table go too, so that table is locked ACCESS EXCLUSIVE as well: nobody can read or write either table until the transaction ends.',
  safeAlternative:
    'Drop the foreign key by name in a migration of its own with a short lock_timeout, then the column.',
  claims: ['blocks-reads'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { 'pg-migration-lint': ['PGM012'] },
  statements: {
    *'alter-table'(statement, context) {
      for (const action of columnsDropped(statement, context)) {
        for (const key of constraintsOn(context.catalog, statement.table, action.column, 'foreign-key')) {
          const others = key.columns
            .filter((column) => column !== action.column)
            .map((column) => quoted(column));
          const unchecked = others.length === 0 ? '' : ` Nothing checks ${others.join(', ')} any more.`;
          const target = key.references?.relation;
          const locked = target ? `, which locks ${quoted(target)} against reads and writes too` : '';
          yield {
            span: action.span,
            message: `Dropping ${quoted(action.column)} also drops the foreign key ${quoted(key.name)} of ${quoted(statement.table)}${locked}.${unchecked}`,
          };
        }
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
      ],
      sql: 'ALTER TABLE orders DROP COLUMN user_id;',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
        'ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;',
      ],
      sql: 'ALTER TABLE orders DROP COLUMN user_id;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'ALTER TABLE orders DROP COLUMN user_id;',
      note: 'No foreign key stands on the column.',
    },
  ],
};
