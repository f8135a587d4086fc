import { compareMigrations } from '../migration/ordering.ts';
import { type ChangeContext, defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'non-linear-history',
  title: 'New migration before merged ones, or a merged one taken away',
  severity: 'error',
  why: 'A database that has run the later migrations skips the new one, refuses it or runs it last, depending on the tool; a new database runs it in the order of the ids. The two end up different, and nobody has tried both orders. A merged migration that is gone was run somewhere, and new databases never get what it made.',
  safeAlternative:
    'Give a new migration an id after the last merged one. Keep merged migrations, and undo what they did in a new one.',
  sections: ['up'],
  dialects: ['postgres', 'mysql'],
  change: (context) =>
    context.git ? [...outOfOrder(context, context.git), ...removed(context, context.git)] : [],
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      folder: {
        layout: 'airlock',
        files: {
          '20260101000000_create_orders.sql':
            '-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE orders;',
          '20260201000000_add_note.sql':
            '-- UP\nALTER TABLE orders ADD COLUMN note text;\n-- DOWN\nALTER TABLE orders DROP COLUMN note;',
          '20260301000000_add_total.sql':
            '-- UP\nALTER TABLE orders ADD COLUMN total numeric;\n-- DOWN\nALTER TABLE orders DROP COLUMN total;',
        },
        merged: ['20260101000000_create_orders.sql', '20260301000000_add_total.sql'],
      },
      note: 'The file 20260201000000_add_note.sql is new; 20260301000000_add_total.sql was merged before.',
    },
    {
      sql: '-- 20260101000000_create_orders.sql was removed',
      folder: {
        layout: 'airlock',
        files: {
          '20260301000000_create_users.sql':
            '-- UP\nCREATE TABLE users (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE users;',
        },
        merged: ['20260301000000_create_users.sql'],
        removed: ['20260101000000_create_orders.sql'],
      },
    },
  ],
  good: [
    {
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      folder: {
        layout: 'airlock',
        files: {
          '20260101000000_create_orders.sql':
            '-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE orders;',
          '20260201000000_add_note.sql':
            '-- UP\nALTER TABLE orders ADD COLUMN note text;\n-- DOWN\nALTER TABLE orders DROP COLUMN note;',
        },
        merged: ['20260101000000_create_orders.sql'],
      },
    },
  ],
};

type Git = NonNullable<ChangeContext['git']>;

function* outOfOrder(context: ChangeContext, git: Git): Generator<PlacedProblem> {
  const versioned = context.all.filter(({ migration }) => !migration.repeatable);
  const last = versioned.findLast(({ migration }) => !git.added.has(migration.up.file.path));
  if (!last) return;
  for (const migration of versioned) {
    if (
      !git.added.has(migration.migration.up.file.path) ||
      compareMigrations(migration.migration, last.migration) > 0
    )
      continue;
    // One id in two files is a matter of duplicate-id.
    if (migration.migration.sortKey === last.migration.sortKey) continue;
    yield {
      migration,
      section: 'up',
      message: `This migration is new and sorts before ${last.migration.id}, which was merged already: a database that has run that one gets it out of order or never.`,
      advice: `Give it an id after ${last.migration.id}.`,
    };
  }
}

/** A number somewhere in the name of the file or its folder: seeds and schema dumps mostly have none. */
const NUMBERED = /\d[^/]*(?:\/[^/]*)?$/;
/** Names that are no ups: downs of their own, Flyway's undo and repeatable files, checks. */
const NOT_UP =
  /(?:\.down\.sql|\.undo\.sql|(?:^|\/)down\.sql|(?:^|\/)[UR](?:\d[\d_.]*)?__[^/]*|(?:^|\/)(?:revert|verify)\/[^/]*\.sql)$/;
const LISTED = 5;

function* removed(context: ChangeContext, git: Git): Generator<PlacedProblem> {
  const present = new Set(context.all.map(({ migration }) => migration.up.file.path));
  const paths = git.removed
    .filter((path) => /\.sql$/i.test(path) && NUMBERED.test(path) && !NOT_UP.test(path) && !present.has(path))
    .sort();
  // What is gone has no line: it is told at the first migration that is there to be read.
  const migration = context.changed[0] ?? context.all.at(-1);
  if (!migration || paths.length === 0) return;
  const more = paths.length > LISTED ? ` and ${paths.length - LISTED} more` : '';
  yield {
    migration,
    section: 'up',
    message: `${paths.slice(0, LISTED).map(quoted).join(', ')}${more} ${paths.length === 1 ? 'was merged and is' : 'were merged and are'} gone: databases that ran ${paths.length === 1 ? 'it' : 'them'} keep what it made, and new ones never get it.`,
    advice: 'Restore the file, under its old name, and undo what it did in a new migration.',
  };
}
