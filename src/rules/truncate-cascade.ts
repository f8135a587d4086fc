import type { Catalog } from '../sql/catalog/catalog.ts';
import type { ObjectName } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { nameOfKey } from './shared/keys.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'truncate-cascade',
  title: 'TRUNCATE … CASCADE empties other tables too',
  severity: 'error',
  why: 'With CASCADE, TRUNCATE also empties every table that references one of those named by a foreign key, and every table that references those, whatever their ON DELETE says. All of them are locked ACCESS EXCLUSIVE until the transaction ends.',
  safeAlternative:
    'Name every table that shall be emptied and leave CASCADE out: the statement then fails when another table references them.',
  sections: ['up'],
  reference: 'sql-truncate',
  knownAs: {
    squawk: ['ban-truncate-cascade'],
    pgls: ['banTruncateCascade'],
    pgfence: ['truncate-cascade'],
    migrationpilot: ['MP036'],
    'pg-migration-lint': ['PGM204'],
    'eslint-plugin-postgresql': ['no-truncate-cascade'],
  },
  statements: {
    *truncate(statement, context) {
      if (!statement.cascade) return;
      const reached = reachedFrom(statement.tables, context.catalog);
      if ([...statement.tables, ...reached].every((table) => context.isNew(table))) return;
      const named = statement.tables.map(quoted).join(', ');
      const shown = reached.slice(0, 5).map(quoted).join(', ');
      const more = reached.length > 5 ? ` and ${reached.length - 5} more` : '';
      yield {
        message:
          reached.length === 0
            ? `CASCADE also empties every table that references ${named}, and which those are is not known here.`
            : `CASCADE also empties ${shown}${more}, and any other table that references ${named}.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));\nCREATE TABLE order_lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));',
      ],
      sql: 'TRUNCATE users CASCADE;',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE a (id bigint PRIMARY KEY);\nCREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a (id));\nTRUNCATE a CASCADE;',
      note: 'All tables are new.',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
      ],
      sql: 'TRUNCATE users, orders;',
    },
  ],
};

/** Tables that reference the given ones, directly or through others. */
function reachedFrom(tables: readonly ObjectName[], catalog: Catalog): ObjectName[] {
  const seen = new Set(tables.map((table) => catalog.key(table)));
  const found: ObjectName[] = [];
  const queue: ObjectName[] = [...tables];
  for (let table = queue.pop(); table; table = queue.pop()) {
    for (const { table: key } of catalog.referencing(table)) {
      if (seen.has(key)) continue;
      seen.add(key);
      found.push(nameOfKey(key));
      queue.push(nameOfKey(key));
    }
  }
  return found;
}
