import { locksTaken } from '../sql/locks.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { metadataPlace } from './shared/metadata-place.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';
import { sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'understated-risk',
  title: 'Large table that the metadata calls small',
  severity: 'info',
  why: 'The metadata says dataVolume: small, and the sizes file knows a table of this migration with a million rows or more. Reviewers who go by the metadata expect a migration of an instant.',
  safeAlternative: 'Write "dataVolume": "large", and look at "estimatedDuration" and "risk" again.',
  sections: ['up'],
  dialects: ['postgres', 'mysql'],
  migration: (context) => {
    const { migration } = context;
    if (migration.migration.metadata?.dataVolume !== 'small') return [];
    const large = new Set<string>();
    for (const { statement } of statementsOf(migration.up)) {
      // What a statement only refers to (a foreign key's other table) or reads (a view's tables) is not what it changes.
      const relations =
        statement.kind === 'create-table'
          ? []
          : statement.kind === 'alter-table'
            ? [statement.table]
            : locksTaken(statement).flatMap(({ relation, mode }) =>
                mode === 'ACCESS SHARE' || mode === 'ROW SHARE' ? [] : [relation],
              );
      for (const relation of relations) {
        const size = context.size(relation);
        if (size?.measured && size.volume === 'large' && !context.isNew(relation))
          large.add(`${quoted(relation)}${sizeNote(size)}`);
      }
    }
    if (large.size === 0) return [];
    return [
      {
        migration,
        section: 'up',
        span: metadataPlace(migration.migration, 'dataVolume'),
        message: `The metadata calls the data small; this migration changes ${[...large].join(', ')}.`,
      },
    ];
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      metadata: { dataVolume: 'small' },
      target: { tables: { orders: { rows: 12_000_000 } } },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      metadata: { dataVolume: 'large' },
      target: { tables: { orders: { rows: 12_000_000 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      metadata: { dataVolume: 'small' },
      target: { tables: { orders: { rows: 300 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE notes (id bigint PRIMARY KEY);',
      metadata: { dataVolume: 'small' },
      target: { tables: { orders: { rows: 12_000_000 } } },
      note: 'The large table is not part of it.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE notes (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));',
      metadata: { dataVolume: 'small' },
      target: { tables: { orders: { rows: 12_000_000 } } },
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'CREATE VIEW order_ids AS SELECT id FROM orders;',
      metadata: { dataVolume: 'small' },
      target: { tables: { orders: { rows: 12_000_000 } } },
      note: 'A view reads nothing until somebody asks it.',
    },
  ],
};
