import { defineRule, type RuleExamples } from './rule.ts';
import { columnsDropped, constraintsOn } from './shared/dropped-columns.ts';
import { constraintsAddedFromHere } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'drop-column-drops-pk',
  title: 'DROP COLUMN drops the primary key with it',
  severity: 'error',
  why: 'DROP COLUMN drops the primary key that the column is part of, without CASCADE and without a word. Nothing then keeps duplicate rows out, foreign keys cannot point to the table, and where the table is published for logical replication its UPDATEs and DELETEs fail for want of a replica identity.',
  safeAlternative:
    'Give the table its new primary key in the same migration: build a unique index concurrently beforehand, drop the old key by name, ADD PRIMARY KEY USING INDEX, then drop the column.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { 'pg-migration-lint': ['PGM011'] },
  statements: {
    *'alter-table'(statement, context) {
      for (const action of columnsDropped(statement, context)) {
        const [key] = constraintsOn(context.catalog, statement.table, action.column, 'primary-key');
        if (
          !key ||
          constraintsAddedFromHere(context, statement.table).some(({ type }) => type === 'primary-key')
        )
          continue;
        const referencing = context.catalog.referencing(statement.table);
        const fails =
          referencing.length > 0 && !action.cascade
            ? ` It fails while ${quoted(referencing[0]?.table ?? '')} references it.`
            : '';
        yield {
          span: action.span,
          message: `Dropping ${quoted(action.column)} leaves ${quoted(statement.table)} without a primary key: ${quoted(key.name)} goes with it.${fails}`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE memberships (user_id bigint, team_id bigint, PRIMARY KEY (user_id, team_id));'],
      sql: 'ALTER TABLE memberships DROP COLUMN team_id;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id integer PRIMARY KEY, new_id bigint NOT NULL);'],
      sql: 'ALTER TABLE users DROP CONSTRAINT users_pkey;\nALTER TABLE users ADD PRIMARY KEY (new_id);\nALTER TABLE users DROP COLUMN id;',
      note: 'The key was replaced before the column goes.',
    },
    {
      history: ['CREATE TABLE users (id integer PRIMARY KEY, new_id bigint NOT NULL);'],
      sql: 'ALTER TABLE users DROP COLUMN id, ADD PRIMARY KEY (new_id);',
      note: 'The same statement adds the new key.',
    },
  ],
};
