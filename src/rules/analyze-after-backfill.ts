import type { Relation } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { qualified, quoted } from './shared/names.ts';
import { reachOf } from './shared/reach.ts';
import { type PlacedStatement, statementsOfKind } from './shared/section-memo.ts';
import { sizeNote } from './shared/size.ts';

/** Changes of a table since it was analyzed. */
interface Changes {
  readonly table: Relation;
  readonly first: PlacedStatement;
  /** The last one: ANALYZE comes after it. */
  readonly step: PlacedStatement;
}

export const rule = defineRule({
  id: 'analyze-after-backfill',
  title: 'No ANALYZE after a bulk change',
  severity: 'info',
  why: 'The planner goes on with the statistics of before the change (none at all for a table that was just filled) until autovacuum comes by, and may choose bad plans meanwhile. Autovacuum sees the change after the commit only.',
  safeAlternative:
    'ANALYZE the table after the bulk change. It takes a SHARE UPDATE EXCLUSIVE lock, which blocks neither reads nor writes.',
  sections: ['up'],
  secondary: true,
  reference: 'sql-analyze',
  knownAs: { migrationpilot: ['MP088'] },
  *migration(context) {
    const known = { ...context, catalog: context.before };
    const open = new Map<string, Changes>();
    for (const step of statementsOfKind(
      context.migration.up,
      'analyze',
      'vacuum',
      'insert',
      'update',
      'delete',
    )) {
      const { statement } = step;
      if (statement.kind === 'analyze' || (statement.kind === 'vacuum' && statement.analyze)) {
        if (statement.tables.length === 0) open.clear();
        for (const table of statement.tables) open.delete(context.after.key(table));
      } else if (statement.kind === 'insert' || statement.kind === 'update' || statement.kind === 'delete') {
        const reach = reachOf(statement, known);
        const emptied = statement.kind === 'delete' && statement.where !== 'present';
        if (
          emptied ||
          (reach !== 'every-row' && reach !== 'many-rows') ||
          context.size(statement.table)?.volume === 'small'
        )
          continue;
        const key = context.after.key(statement.table);
        open.set(key, { table: statement.table, first: open.get(key)?.first ?? step, step });
      }
    }
    for (const { table, first, step } of open.values()) {
      const { end } = step.statement.span;
      const at = context.text[end] === ';' ? end + 1 : end;
      const sql = `ANALYZE ${qualified(table)};`;
      yield {
        migration: context.migration,
        section: 'up',
        span: first.statement.span,
        message: `After this change queries on ${quoted(table)}${sizeNote(context.size(table))} are planned with statistics of before it until autovacuum comes by.`,
        advice: `${sql} after the change.`,
        ...(step.nested
          ? {}
          : {
              fix: {
                title: 'ANALYZE the table after the change',
                edits: [{ start: at, end: at, text: `${at === end ? ';' : ''}\n${sql}` }],
              },
            }),
      };
    }
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, locale text);'],
      sql: "UPDATE users SET locale = 'en' WHERE locale IS NULL;",
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total integer);'],
      sql: 'CREATE TABLE order_totals (order_id bigint PRIMARY KEY, total integer);\nINSERT INTO order_totals SELECT id, total FROM orders;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, locale text);'],
      sql: "UPDATE users SET locale = 'en' WHERE locale IS NULL;\nANALYZE users;",
    },
    {
      history: ['CREATE TABLE settings (key text PRIMARY KEY, value text);'],
      sql: "UPDATE settings SET value = 'on' WHERE key = 'signup';",
      note: 'One row.',
    },
    {
      history: ['CREATE TABLE countries (id bigint PRIMARY KEY, region text);'],
      sql: "UPDATE countries SET region = 'none';",
      target: { tables: { 'public.countries': { rows: 249 } } },
      note: 'The sizes file says that the table is small.',
    },
  ],
};
