import { defineRule, type RuleExamples } from './rule.ts';
import { columnsDropped, uniqueIndexesOn } from './shared/dropped-columns.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'drop-column-drops-unique',
  title: 'DROP COLUMN drops a unique constraint or index with it',
  severity: 'warning',
  why: 'DROP COLUMN drops every constraint and index that the column is part of, without CASCADE and without a word. The columns that stay are then free to hold duplicates, and INSERT … ON CONFLICT on them fails.',
  safeAlternative:
    'Decide what shall be unique without the column: build that index concurrently in an earlier migration, drop the old one explicitly, then drop the column.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { 'pg-migration-lint': ['PGM010'] },
  statements: {
    *'alter-table'(statement, context) {
      for (const action of columnsDropped(statement, context)) {
        for (const index of uniqueIndexesOn(context.catalog, statement.table, action.column)) {
          const others = index.columns.flatMap(({ column }) =>
            column === undefined || column === action.column ? [] : [quoted(column)],
          );
          const loss =
            others.length === 0
              ? 'nothing is unique in its place'
              : `${others.join(', ')} may then hold duplicates`;
          yield {
            span: action.span,
            // Uniqueness of the dropped column alone has no meaning without it.
            severity: others.length === 0 ? 'info' : undefined,
            message: `Dropping ${quoted(action.column)} also drops the unique ${index.constraint === undefined ? 'index' : 'constraint'} ${quoted(index.name)} of ${quoted(statement.table)}: ${loss}.`,
          };
        }
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE members (id bigint PRIMARY KEY, team_id bigint NOT NULL, email text NOT NULL, CONSTRAINT members_team_email UNIQUE (team_id, email));',
      ],
      sql: 'ALTER TABLE members DROP COLUMN team_id;',
    },
    {
      history: [
        'CREATE TABLE members (id bigint PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);\nCREATE UNIQUE INDEX idx_members_email ON members (email) WHERE deleted_at IS NULL;',
      ],
      sql: 'ALTER TABLE members DROP COLUMN deleted_at;',
      note: 'The column stands in the condition of the index only.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE members (id bigint PRIMARY KEY, team_id bigint NOT NULL, email text NOT NULL, CONSTRAINT members_team_email UNIQUE (team_id, email));',
      ],
      sql: 'ALTER TABLE members DROP CONSTRAINT members_team_email;\nALTER TABLE members DROP COLUMN team_id;',
      note: 'The constraint is dropped by name.',
    },
    {
      history: [
        'CREATE TABLE members (id bigint PRIMARY KEY, email text);\nCREATE INDEX idx_members_email ON members (email);',
      ],
      sql: 'ALTER TABLE members DROP COLUMN email;',
      note: 'The index is not unique.',
    },
  ],
};
