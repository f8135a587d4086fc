import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { qualified, quoted } from './shared/names.ts';
import { statementsOf, statementsOfKind } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'create-table-force',
  title: 'Table dropped and made anew under the same name',
  severity: 'error',
  why: 'DROP TABLE followed by CREATE TABLE of the same name is an empty table in place of a full one: every row is gone, with the table’s privileges, policies and triggers. DROP TABLE IF EXISTS makes it look harmless where the table was thought not to exist.',
  safeAlternative:
    'Change the table with ALTER TABLE, or rename the old one out of the way and drop it in a later release. Where the table does not exist yet, leave DROP TABLE out.',
  sections: ['up'],
  dialects: ['postgres', 'mysql'],
  reference: 'sql-droptable',
  knownAs: { strong_migrations: ['create_table'] },
  migration: ({ migration, before }) => {
    const problems: PlacedProblem[] = [];
    if (statementsOfKind(migration.up, 'drop').length === 0) return problems;
    const made = new Set<string>();
    const copied = new Set<string>();
    const dropped = new Set<string>();
    const absent = new Set<string>();
    const wholeHistory = !before.incomplete && !before.tables()[Symbol.iterator]().next().done;
    for (const { statement } of statementsOf(migration.up)) {
      if (statement.kind === 'drop' && statement.objectType === 'table') {
        for (const table of statement.objects) {
          const key = before.key(table);
          if (made.has(key) || copied.has(key)) continue;
          dropped.add(key);
          if (statement.ifExists && wholeHistory && !before.table(table)) absent.add(key);
        }
      } else if (statement.kind === 'create-table' || statement.kind === 'create-table-as') {
        const key = before.key(statement.table);
        if (dropped.delete(key) && statement.persistence !== 'temporary') {
          problems.push({
            migration,
            section: 'up',
            span: statement.span,
            message: `${quoted(statement.table)} was dropped above and is made anew: its rows are lost wherever it existed.`,
            // No earlier migration made it: the DROP is there to make sure, and not more than that is known.
            severity: absent.has(key) ? 'warning' : undefined,
            advice: absent.has(key)
              ? undefined
              : `Change ${quoted(statement.table)} with ALTER TABLE, or first ALTER TABLE ${qualified(statement.table)} RENAME TO a name that keeps the rows.`,
          });
        }
        made.add(key);
        if (statement.kind === 'create-table-as')
          for (const relation of statement.relations) copied.add(before.key(relation));
      } else if (statement.kind === 'insert' && statement.source === 'select') {
        for (const relation of statement.relations)
          if (before.key(relation) !== before.key(statement.table)) copied.add(before.key(relation));
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'DROP TABLE orders;\nCREATE TABLE orders (id bigint PRIMARY KEY, total numeric);',
    },
    {
      sql: 'DROP TABLE IF EXISTS sessions;\nCREATE TABLE sessions (token text PRIMARY KEY);',
      note: 'Run on a database that has the table, this empties it.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'DROP TABLE IF EXISTS sessions;\nCREATE TABLE sessions (token text PRIMARY KEY);',
      note: 'A warning: no earlier migration made the table.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders RENAME TO orders_old;\nCREATE TABLE orders (id bigint PRIMARY KEY, total numeric);',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders_copy AS SELECT * FROM orders;\nDROP TABLE orders;\nCREATE TABLE orders (id bigint PRIMARY KEY);\nINSERT INTO orders SELECT * FROM orders_copy;\nDROP TABLE orders_copy;',
      note: 'The rows were copied before.',
    },
    {
      sql: 'CREATE TABLE scratch (id bigint);\nDROP TABLE scratch;\nCREATE TABLE scratch (id bigint, note text);',
    },
  ],
};
