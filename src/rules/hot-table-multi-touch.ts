import type { Span } from '../sql/source.ts';
import type { ObjectName } from '../sql/statement.ts';
import { type CheckedMigration, defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { blockingLocks } from './shared/blocking-locks.ts';
import { madeInChange } from './shared/made-in-change.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';
import { numberOption } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'hot-table-multi-touch',
  title: 'Several migrations of one deployment block the same table',
  severity: 'info',
  why: 'Every migration has to wait for the table’s running transactions before it gets its lock, and everybody else waits behind it. Several migrations that each lock the same table repeat that wait as many times.',
  safeAlternative:
    'Put the changes of one table into one migration, where they cost one wait; ALTER TABLE takes several actions at once.',
  sections: ['up'],
  reference: 'explicit-locking',
  knownAs: { migrationpilot: ['SQ002'] },
  options: {
    files: { default: 3, description: 'Migrations that block the same table from which on it is reported.' },
  },
  change: (context) => {
    const files = numberOption(context.options, 'files', 3);
    if (context.changed.length < files) return [];
    const made = madeInChange(context.changed, context.before);
    const schema = {
      catalog: context.before,
      isNew: (relation: ObjectName): boolean => made.has(context.before.key(relation)),
    };
    const touched = new Map<
      string,
      { readonly table: ObjectName; readonly places: Map<CheckedMigration, Span> }
    >();
    for (const migration of context.changed) {
      for (const { statement } of statementsOf(migration.up)) {
        for (const { relation } of blockingLocks(statement, schema)) {
          const key = context.before.key(relation);
          const entry = touched.get(key) ?? { table: relation, places: new Map<CheckedMigration, Span>() };
          if (!entry.places.has(migration)) entry.places.set(migration, statement.span);
          touched.set(key, entry);
        }
      }
    }
    const problems: PlacedProblem[] = [];
    for (const { table, places } of touched.values()) {
      const last = [...places].at(-1);
      if (!last || places.size < files) continue;
      problems.push({
        migration: last[0],
        section: 'up',
        span: last[1],
        message: `${places.size} migrations of this change block ${quoted(table)}, each with a wait of its own: ${[...places.keys()].map(({ migration }) => migration.id).join(', ')}.`,
      });
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      then: ['ALTER TABLE orders ADD COLUMN source text;', 'ALTER TABLE orders ADD COLUMN channel text;'],
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text, ADD COLUMN source text, ADD COLUMN channel text;',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      then: [
        'ALTER TABLE orders ADD COLUMN note text;',
        'ALTER TABLE orders ADD COLUMN source text;',
        'ALTER TABLE orders ADD COLUMN channel text;',
      ],
    },
  ],
};
