import type { CatalogConstraint, CatalogTable } from '../sql/catalog/catalog.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { constraintsAddedFromHere, dropsToo } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';

const LOSS: Readonly<Record<CatalogConstraint['type'], string>> = {
  'primary-key': 'nothing keeps duplicate or missing keys out',
  unique: 'nothing keeps duplicates out',
  'foreign-key': 'nothing keeps out rows that point nowhere',
  check: 'rows that break it can be written',
  exclusion: 'rows that exclude each other can be written',
  'not-null': 'the column can hold NULL',
};

export const rule = defineRule({
  id: 'drop-constraint',
  title: 'Constraint dropped',
  severity: 'warning',
  why: 'DROP CONSTRAINT gives up what the constraint guaranteed: rows that break it can be written at once, and putting it back means cleaning them up and reading the whole table. It takes an ACCESS EXCLUSIVE lock on the table; a foreign key takes it on the referenced table as well, so that nobody can read either.',
  safeAlternative:
    'Add what takes its place first (NOT VALID, then validated), and drop the old one in a migration of its own with a short lock_timeout.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { pgfence: ['drop-constraint'], atlas: ['CD101'] },
  statements: {
    *'alter-table'(statement, context) {
      if (context.isNew(statement.table)) return;
      const table = context.catalog.table(statement.table);
      for (const action of statement.actions) {
        if (action.action !== 'drop-constraint') continue;
        const known = table?.constraints.get(action.constraint);
        if (known && (known.addedBy === context.migration.migration.id || isImplied(known, table))) continue;
        // drop-table and drop-column speak of it.
        if (dropsToo(context, statement.table, known?.columns ?? [])) continue;
        const replaced = constraintsAddedFromHere(context, statement.table).some(({ name, type, columns }) =>
          known
            ? type === known.type && (type === 'primary-key' || sameColumns(columns, known.columns))
            : name === action.constraint,
        );
        if (replaced) continue;
        const referenced =
          known?.references && context.catalog.key(known.references.relation) !== known.table
            ? ` Both ${quoted(statement.table)} and ${quoted(known.references.relation)} are locked against reads and writes for it.`
            : '';
        yield {
          span: action.span,
          message: `Without ${quoted(action.constraint)} on ${quoted(statement.table)} ${known ? LOSS[known.type] : 'rows that break it can be written'}.${referenced}`,
        };
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
      sql: 'ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;',
    },
    {
      history: [
        'CREATE TABLE accounts (id bigint PRIMARY KEY, balance integer CONSTRAINT accounts_balance_positive CHECK (balance >= 0));',
      ],
      sql: 'ALTER TABLE accounts DROP CONSTRAINT IF EXISTS accounts_balance_positive;',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, total integer CONSTRAINT total_positive CHECK (total > 0));',
      ],
      sql: 'ALTER TABLE orders DROP CONSTRAINT total_positive, ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;',
      note: 'The same migration puts another in its place.',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
        'ALTER TABLE users ADD CONSTRAINT users_email_present CHECK (email IS NOT NULL) NOT VALID;',
        'ALTER TABLE users VALIDATE CONSTRAINT users_email_present;',
      ],
      sql: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT users_email_present;',
      note: 'NOT NULL guarantees what the CHECK did.',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, total integer CONSTRAINT total_positive CHECK (total > 0));\nALTER TABLE orders DROP CONSTRAINT total_positive;',
      note: 'The table is new.',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint CONSTRAINT orders_user_id_fkey REFERENCES users (id));',
      ],
      sql: 'ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;\nALTER TABLE orders DROP COLUMN user_id;',
      note: 'The column goes as well: drop-column speaks of it.',
    },
  ],
};

/** A CHECK that only says what NOT NULL of the columns says too. */
function isImplied(constraint: CatalogConstraint, table: CatalogTable | undefined): boolean {
  const { columns, impliesNotNull } = constraint;
  return (
    constraint.type === 'check' &&
    impliesNotNull.length > 0 &&
    columns.every((column) => impliesNotNull.includes(column) && table?.columns.get(column)?.notNull === true)
  );
}

function sameColumns(one: readonly string[], other: readonly string[]): boolean {
  return one.length === 0 || (one.length === other.length && one.every((column) => other.includes(column)));
}
