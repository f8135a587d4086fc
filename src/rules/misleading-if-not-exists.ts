import type { CatalogTable } from '../sql/catalog/catalog.ts';
import type { StatementOf, TypeName } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';
import { sameType, written } from './shared/type-change.ts';

export const rule = defineRule({
  id: 'misleading-if-not-exists',
  title: 'CREATE TABLE IF NOT EXISTS for a table that exists with another shape',
  severity: 'warning',
  why: 'IF NOT EXISTS looks at the name only. The table is there, so the statement does nothing, with no more than a notice, and the migration counts as done: columns that only this statement has are missing, and the application fails at its first query for them.',
  safeAlternative:
    'Change the table that is there with ALTER TABLE. Without IF NOT EXISTS the statement fails and shows the mistake.',
  sections: ['up'],
  reference: 'sql-createtable',
  knownAs: { 'pg-migration-lint': ['PGM403'] },
  *migration({ migration, before, after }) {
    for (const { statement } of statementsOf(migration.up)) {
      if (statement.kind !== 'create-table' || !statement.ifNotExists) continue;
      if (statement.persistence === 'temporary') continue;
      const old = before.table(statement.table);
      const table = after.table(statement.table);
      if (!old || !table || table.addedBy === migration.migration.id) continue;
      const difference = differenceOf(statement, table, after.incomplete);
      if (difference !== undefined)
        yield {
          migration,
          section: 'up',
          span: statement.span,
          message: `${quoted(statement.table)} exists already, so this does nothing: ${difference}.`,
        };
    }
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email text NOT NULL);',
    },
    {
      history: ['CREATE TABLE users (id integer PRIMARY KEY, email varchar(50));'],
      sql: 'CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email text);',
    },
  ],
  good: [
    { sql: 'CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email text);' },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);'],
      sql: 'CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email text NOT NULL);',
      note: 'The table is there as the statement wants it.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email text);\nALTER TABLE users ADD COLUMN IF NOT EXISTS email text;',
      note: 'What the statement leaves out is added after it.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'DROP TABLE users;\nCREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email text);',
    },
  ],
};

/** What the statement has and the table does not: nothing is said of what the table has besides. */
function differenceOf(
  statement: StatementOf<'create-table'>,
  table: CatalogTable,
  incomplete: boolean,
): string | undefined {
  if (table.kind === 'view' || table.kind === 'materialized-view')
    return `it is a ${table.kind === 'view' ? 'view' : 'materialized view'}`;
  const missing = statement.columns.filter(({ name }) => !table.columns.has(name));
  if (missing.length > 0 && table.complete && !incomplete)
    return `it has no column ${missing.map(({ name }) => quoted(name)).join(', ')}`;
  for (const { name, type, notNull } of statement.columns) {
    const known = table.columns.get(name);
    if (known?.type && type && !isAlike(known.type, type))
      return `its ${quoted(name)} is ${written(known.type)} and stays so`;
    if (known && notNull && !known.notNull && !incomplete)
      return `its ${quoted(name)} may be NULL and stays so`;
  }
  return undefined;
}

/** A schema that is written in one place only says nothing. */
function isAlike(one: TypeName, other: TypeName): boolean {
  const schema = one.schema === undefined || other.schema === undefined ? undefined : one.schema;
  return sameType({ ...one, schema }, { ...other, schema: schema === undefined ? undefined : other.schema });
}
