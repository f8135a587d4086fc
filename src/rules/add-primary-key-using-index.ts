import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse, columnsAdded } from './shared/in-use.ts';
import { quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';
import { usingIndexFix, usingIndexSteps } from './shared/using-index-fix.ts';

export const rule = defineRule({
  id: 'add-primary-key-using-index',
  title: 'PRIMARY KEY that builds its index under ACCESS EXCLUSIVE',
  severity: 'error',
  why: 'ADD PRIMARY KEY builds the index of the key while it holds an ACCESS EXCLUSIVE lock: nobody can read or write the table until it is built. A column that is not yet NOT NULL costs another scan of the table under that lock.',
  safeAlternative:
    'CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, make the columns NOT NULL by way of a validated CHECK, then ALTER TABLE … ADD CONSTRAINT … PRIMARY KEY USING INDEX.',
  claims: ['scans', 'rewrites'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['adding-serial-primary-key-field'],
    pgls: ['addingPrimaryKeyConstraint'],
    eugene: ['E7'],
    pgfence: ['add-pk-without-using-index'],
    'pg-migration-lint': ['PGM016'],
    atlas: ['PG104'],
    'drizzle-migration-lint': ['add-primary-key-on-existing-table'],
  },
  statements: {
    *'alter-table'(statement, context) {
      const table = context.catalog.table(statement.table);
      const size = context.size(statement.table);
      const blocked = `while nobody can read or write ${quoted(statement.table)}${sizeNote(size)}.`;
      for (const action of actionsInUse(statement, context)) {
        if (
          action.action !== 'add-constraint' ||
          action.constraint.type !== 'primary-key' ||
          action.constraint.usingIndex !== undefined
        )
          continue;
        const { columns } = action.constraint;
        const notNull = columns.every((column) => table?.columns.get(column)?.notNull);
        const { build, attach } = usingIndexSteps(action, statement, context);
        const fix = notNull ? usingIndexFix(action, statement, context) : undefined;
        yield {
          span: action.span,
          message: `The index of the primary key (${columns.map(quoted).join(', ')}) is built ${blocked}`,
          advice:
            table?.kind === 'partitioned'
              ? 'A partitioned table takes no USING INDEX: accept the lock, with a short lock_timeout, while the table is quiet.'
              : `${build} in a migration of its own (outside a transaction)${notNull ? '' : `, make ${columns.map(quoted).join(', ')} NOT NULL by way of a validated CHECK`}, then ${attach}`,
          severity: severityFor(size),
          ...(fix ? { fix } : {}),
        };
      }
      for (const { action, column } of columnsAdded(statement, context)) {
        if (!column.constraints.some(({ type }) => type === 'primary-key')) continue;
        yield {
          span: action.span,
          message: `The new primary key ${quoted(column.name)} is filled and its index built ${blocked}`,
          advice: `Add ${quoted(column.name)} as a plain nullable column, fill it in batches, build a unique index CONCURRENTLY, make it NOT NULL by way of a validated CHECK, and only then ADD CONSTRAINT … PRIMARY KEY USING INDEX.`,
          severity: severityFor(size),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint NOT NULL, total numeric);'],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);',
    },
    {
      history: ['CREATE TABLE orders (total numeric);'],
      sql: 'ALTER TABLE orders ADD COLUMN id bigserial PRIMARY KEY;',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint NOT NULL, total numeric);',
        'CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey;',
    },
    {
      sql: 'CREATE TABLE orders (id bigint NOT NULL, total numeric);\nALTER TABLE orders ADD PRIMARY KEY (id);',
    },
  ],
};
