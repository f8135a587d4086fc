import type { ObjectName } from '../sql/statement.ts';
import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { longLocks } from './shared/long-locks.ts';
import { madeInChange } from './shared/made-in-change.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';
import { count, numberOption, statisticsOf } from './shared/statistics.ts';
import { ROWS_PER_SECOND, TIMES_THROUGH } from './shared/work-time.ts';

export const rule = defineRule({
  id: 'cumulative-lock-budget',
  title: 'One table blocked several times in a deployment, for long altogether',
  severity: 'info',
  why: 'Each migration by itself may block a table for a few seconds; run one after the other in one deployment they add up, with hardly a pause for the requests that wait in between.',
  safeAlternative:
    'Use forms that do not block (CONCURRENTLY, NOT VALID and VALIDATE), or deploy the migrations on different days.',
  sections: ['up'],
  reference: 'explicit-locking',
  knownAs: { migrationpilot: ['SQ001'] },
  options: {
    seconds: {
      default: 10,
      description: 'Estimated seconds of blocking for one table from which on it is reported.',
    },
    rowsPerSecond: {
      default: ROWS_PER_SECOND,
      description:
        'Rows a second that the estimate assumes for one scan; writing a table anew or building an index counts twice.',
    },
  },
  change: (context) => {
    const { options, before, target } = context;
    if (target.tables.size === 0) return [];
    const speed = Math.max(1, numberOption(options, 'rowsPerSecond', ROWS_PER_SECOND));
    const made = madeInChange(context.changed, before);
    const sums = new Map<
      string,
      {
        table: ObjectName;
        rows: number;
        seconds: number;
        statements: number;
        place: Pick<PlacedProblem, 'migration' | 'span'>;
      }
    >();
    for (const migration of context.changed) {
      for (const { statement } of statementsOf(migration.up)) {
        for (const { relation, work } of longLocks(statement, before)) {
          const key = before.key(relation);
          const rows = made.has(key) ? undefined : statisticsOf(relation, before, target)?.rows;
          if (rows === undefined) continue;
          const sum = sums.get(key) ?? {
            table: relation,
            rows,
            seconds: 0,
            statements: 0,
            place: { migration, span: statement.span },
          };
          sums.set(key, {
            ...sum,
            seconds: sum.seconds + (TIMES_THROUGH[work] * rows) / speed,
            statements: sum.statements + 1,
            place: { migration, span: statement.span },
          });
        }
      }
    }
    const budget = numberOption(options, 'seconds', 10);
    return [...sums.values()]
      .filter(({ seconds, statements }) => statements > 1 && seconds >= budget)
      .map(
        ({ table, rows, seconds, statements, place }): PlacedProblem => ({
          ...place,
          section: 'up',
          message: `${statements} statements of this change block ${quoted(table)} while they work through its ${count(rows)} rows: about ${count(Math.round(seconds))} seconds altogether, at ${count(speed)} rows a second for each time through them (building an index and writing anew are two).`,
        }),
      );
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total numeric);'],
      sql: 'ALTER TABLE orders ALTER COLUMN user_id SET NOT NULL;',
      then: ['CREATE INDEX idx_orders_user_id ON orders (user_id);'],
      target: { tables: { orders: { rows: 4_000_000 } } },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total numeric);'],
      sql: 'ALTER TABLE orders ALTER COLUMN user_id SET NOT NULL;',
      then: ['CREATE INDEX idx_orders_user_id ON orders (user_id);'],
      target: { tables: { orders: { rows: 40_000 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX idx_orders_user_id ON orders (user_id);',
      target: { tables: { orders: { rows: 40_000_000 } } },
      note: 'A single statement is the business of other rules.',
    },
  ],
};
