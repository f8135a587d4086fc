import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { identifier, qualified, quoted, shortened } from './shared/names.ts';
import { isProvenNotNull } from './shared/not-null.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'pk-using-index-implicit-not-null',
  title: 'PRIMARY KEY USING INDEX on a nullable column',
  severity: 'warning',
  why: 'ADD CONSTRAINT … PRIMARY KEY USING INDEX sets NOT NULL on the columns of the index. Where a column is nullable, that reads the whole table under an ACCESS EXCLUSIVE lock, although the index itself is already there.',
  safeAlternative:
    'Add CHECK (column IS NOT NULL) NOT VALID, validate it in a later migration, and make the index the primary key after that: the scan is then left out.',
  claims: ['scans', 'fails-on-rows'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { eugene: ['W14'], atlas: ['PG304'] },
  statements: {
    *'alter-table'(statement, context) {
      const table = context.catalog.table(statement.table);
      for (const action of actionsInUse(statement, context)) {
        if (
          action.action !== 'add-constraint' ||
          action.constraint.type !== 'primary-key' ||
          action.constraint.usingIndex === undefined
        )
          continue;
        const index = context.catalog.index({
          schema: statement.table.schema,
          name: action.constraint.usingIndex,
        });
        const nullable: string[] = [];
        for (const { column } of index?.columns ?? []) {
          const known = column === undefined ? undefined : table?.columns.get(column);
          if (
            column !== undefined &&
            known &&
            !known.notNull &&
            !isProvenNotNull(table, column, context.target.major)
          )
            nullable.push(column);
        }
        const [first] = nullable;
        if (first === undefined) continue;
        const size = context.size(statement.table);
        const check = identifier(shortened(`${statement.table.name}_${first}_not_null`));
        yield {
          span: action.span,
          message: `${nullable.map(quoted).join(', ')} may be NULL, so this reads all of ${quoted(statement.table)}${sizeNote(size)} while nobody can read or write it.`,
          advice: `First: ALTER TABLE ${qualified(statement.table)} ADD CONSTRAINT ${check} CHECK (${identifier(first)} IS NOT NULL) NOT VALID; in a later migration VALIDATE CONSTRAINT ${check}; then the primary key.`,
          severity: severityFor(size),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint, total numeric);',
        'CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey;',
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
      history: [
        'CREATE TABLE orders (id bigint, total numeric);',
        'CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id);',
        'ALTER TABLE orders ADD CONSTRAINT orders_id_present CHECK (id IS NOT NULL) NOT VALID;',
        'ALTER TABLE orders VALIDATE CONSTRAINT orders_id_present;',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey;',
    },
  ],
};
