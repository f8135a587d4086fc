import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { judgedTypeChange } from './shared/judged-type-change.ts';
import { quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';
import { rebuiltIndexes } from './shared/type-change.ts';

export const rule = defineRule({
  id: 'collation-change-rewrite',
  title: 'Changed collation builds indexes anew',
  severity: 'warning',
  why: 'Another collation sorts and compares differently, so ALTER COLUMN TYPE … COLLATE builds every index on the column anew under an ACCESS EXCLUSIVE lock: nobody can read or write the table meanwhile. Without COLLATE, ALTER COLUMN TYPE puts a column that had a collation of its own back to the default, with the same effect.',
  safeAlternative:
    'Add a column with the new collation, fill it in batches, index it CONCURRENTLY and move the code over; or drop the indexes CONCURRENTLY first and build them again CONCURRENTLY afterwards.',
  claims: ['scans', 'rewrites'],
  sections: ['up'],
  secondary: true,
  reference: 'sql-altertable',
  knownAs: { migrationpilot: ['MP089'] },
  statements: {
    *'alter-table'(statement, context) {
      const table = context.catalog.table(statement.table);
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'alter-type') continue;
        const column = table?.columns.get(action.column);
        const before = column ? plain(column.collation) : undefined;
        const after = plain(action.collation);
        if (column ? before === after : after === DEFAULT) continue;
        // Everything is written anew then: change-column-type speaks of it.
        if (judgedTypeChange(action, statement, context).change === 'rewrite') continue;
        const indexes = rebuiltIndexes(context.catalog.indexesOf(statement.table), action.column, true);
        if (indexes.length === 0 && table?.complete && !context.catalog.incomplete) continue;
        const size = context.size(statement.table);
        const which = indexes.length > 0 ? indexes.map(({ name }) => quoted(name)).join(', ') : 'its indexes';
        yield {
          span: action.span,
          message: `${before === undefined ? `The collation ${quoted(after)}` : `Going from the collation ${quoted(before)} to ${quoted(after)}`} builds ${which} on ${quoted(action.column)} anew while nobody can read or write ${quoted(statement.table)}${sizeNote(size)}.`,
          advice:
            action.collation === undefined
              ? `Write COLLATE ${quoted(before ?? '')} after the type to keep the collation.`
              : undefined,
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
        'CREATE TABLE users (id bigint PRIMARY KEY, name text);\nCREATE INDEX idx_users_name ON users (name);',
      ],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE text COLLATE "C";',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50) COLLATE "C");\nCREATE INDEX idx_users_name ON users (name);',
      ],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(100);',
      note: 'The collation is gone, and the index is built anew.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50) COLLATE "C");\nCREATE INDEX idx_users_name ON users (name);',
      ],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(100) COLLATE "C";',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, name text);'],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE text COLLATE "C";',
      note: 'There is no index on the column.',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, name text);\nCREATE INDEX idx_users_name ON users (name);\nALTER TABLE users ALTER COLUMN name TYPE text COLLATE "C";',
    },
  ],
};

const DEFAULT = 'default';

function plain(collation: string | undefined): string {
  return collation ?? DEFAULT;
}
