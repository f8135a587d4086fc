import type { ObjectName, Relation } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { qualified, quoted } from './shared/names.ts';
import { oncePerSection, statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'autovacuum-disabled',
  title: 'Autovacuum switched off for a table',
  severity: 'warning',
  why: 'Nothing removes the dead rows of such a table and nothing renews its statistics: it and its indexes grow with every UPDATE and DELETE, and plans go by old figures. Only the vacuum against transaction id wraparound still comes, late and with everything to do at once.',
  safeAlternative:
    'Leave autovacuum on and set it for this table: a lower autovacuum_vacuum_scale_factor for more frequent and shorter runs, or a cost limit. For one large load, switch it on again in the same migration.',
  sections: ['up'],
  reference: 'routine-vacuuming',
  knownAs: { migrationpilot: ['MP066'] },
  statements: {
    *'create-table'(statement, context) {
      if (statement.persistence !== 'temporary') yield* problems(statement.table, statement.options, context);
    },
    *'alter-table'(statement, context) {
      if (context.catalog.table(statement.table)?.persistence === 'temporary') return;
      for (const action of statement.actions) {
        if (action.action !== 'set-options') continue;
        for (const problem of problems(statement.table, action.options, context))
          yield { ...problem, span: action.span };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders SET (autovacuum_enabled = false);',
    },
    { sql: 'CREATE TABLE queue (id bigint PRIMARY KEY) WITH (autovacuum_enabled = off, fillfactor = 70);' },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders SET (toast.autovacuum_enabled = 0);',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.01);',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders SET (autovacuum_enabled = on);',
    },
    {
      sql: 'CREATE TABLE prices (id bigint PRIMARY KEY) WITH (autovacuum_enabled = false);\nINSERT INTO prices SELECT generate_series(1, 1000);\nALTER TABLE prices RESET (autovacuum_enabled);',
      note: 'On again after the load.',
    },
  ],
};

const OPTIONS = ['autovacuum_enabled', 'toast.autovacuum_enabled'] as const;

/** What the server reads as false (parse_bool): every prefix that can be nothing else. */
const OFF = /^(?:f|fa|fal|fals|false|n|no|of|off|0)$/i;

function* problems(
  table: Relation,
  options: Readonly<Record<string, string>>,
  context: StatementContext,
): Generator<Problem> {
  for (const option of OPTIONS) {
    const value = options[option];
    if (value === undefined || !OFF.test(value)) continue;
    if ((switchedOn(context.section).get(keyOf(table, option)) ?? -1) > context.index) continue;
    yield {
      message: `Autovacuum passes over ${option.startsWith('toast.') ? 'the large values of ' : ''}${quoted(table)} from now on.`,
      advice: `Leave it out, or at the end of the migration: ALTER TABLE ${qualified(table)} RESET (${option});`,
    };
  }
}

/** Position of the last statement of the section that switches it on again. */
const switchedOn = oncePerSection((section) => {
  const last = new Map<string, number>();
  for (const { statement, index } of statementsOf(section)) {
    if (statement.kind !== 'alter-table') continue;
    for (const action of statement.actions) {
      if (action.action !== 'set-options' && action.action !== 'reset-options') continue;
      for (const option of OPTIONS) {
        const value = action.options[option];
        if (value !== undefined && (action.action === 'reset-options' || !OFF.test(value)))
          last.set(keyOf(statement.table, option), index);
      }
    }
  }
  return last;
});

function keyOf(table: ObjectName, option: string): string {
  return `${table.schema ?? 'public'}.${table.name} ${option}`;
}
