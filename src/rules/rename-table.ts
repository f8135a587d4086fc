import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { oncePerSection, sameTransaction, statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'rename-table',
  title: 'Table renamed while code uses it',
  severity: 'error',
  why: 'From the moment a rename is committed, every query of running code that names the old table fails (error 42P01), and code that already uses the new name fails until then.',
  safeAlternative:
    'In the same transaction create a view with the old name over the renamed table: a plain SELECT * view can be written through. Drop it when no code uses the old name.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['renaming-table'],
    pgls: ['renamingTable'],
    pgfence: ['rename-table'],
    migrationpilot: ['MP028'],
    'pg-migration-lint': ['PGM504'],
    strong_migrations: ['rename_table'],
    atlas: ['BC101'],
    'django-migration-linter': ['RENAME_TABLE'],
    'eslint-plugin-postgresql': ['no-rename-table'],
    'drizzle-migration-lint': ['rename-table'],
  },
  statements: {
    *rename(statement, context) {
      const { relation, to, objectType } = statement;
      if (
        !relation ||
        context.isNew(relation) ||
        !(
          objectType === 'table' ||
          objectType === 'view' ||
          objectType === 'materialized-view' ||
          objectType === 'foreign-table'
        )
      )
        return;
      // The table that steps into a name just given up: its own old name was never anybody's to use.
      if (isGivenUp(context.catalog.key({ ...relation, name: to }), context)) return;
      const taken = namesTakenIn(context.section).get(context.catalog.key(relation));
      if (
        taken !== undefined &&
        taken > context.index &&
        sameTransaction(context.section, context.index, taken)
      )
        return;
      yield {
        message: `Running code that uses ${quoted(relation)} fails as soon as it is called ${quoted(to)}.`,
        advice: `In the same transaction: CREATE VIEW ${qualified(relation)} AS SELECT * FROM ${qualified({ schema: relation.schema, name: to })}; and drop the view when no code uses ${identifier(relation.name)} any more.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users RENAME TO accounts;',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, active boolean);\nCREATE VIEW active_users AS SELECT id FROM users WHERE active;',
      ],
      sql: 'ALTER VIEW active_users RENAME TO current_users;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users RENAME TO accounts;\nCREATE VIEW users AS SELECT * FROM accounts;',
      note: 'The old name goes on working.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE users_new (id bigint PRIMARY KEY);\nALTER TABLE users RENAME TO users_old;\nALTER TABLE users_new RENAME TO users;',
      note: 'Another table takes the name in the same transaction.',
    },
    { sql: 'CREATE TABLE users (id bigint PRIMARY KEY);\nALTER TABLE users RENAME TO accounts;' },
  ],
};

const keyOf = (schema: string | undefined, name: string): string => `${schema ?? 'public'}.${name}`;

/** Names that a view, a table or another rename takes: the last place of each. */
const namesTakenIn = oncePerSection((section) => {
  const taken = new Map<string, number>();
  for (const { statement, index } of statementsOf(section)) {
    if (statement.kind === 'create-view') taken.set(keyOf(statement.view.schema, statement.view.name), index);
    else if (statement.kind === 'create-table' || statement.kind === 'create-table-as')
      taken.set(keyOf(statement.table.schema, statement.table.name), index);
    else if (statement.kind === 'rename' && statement.relation && statement.objectType !== 'column')
      taken.set(keyOf(statement.relation.schema, statement.to), index);
  }
  return taken;
});

const namesGivenUpIn = oncePerSection((section) => {
  const given = new Map<string, number>();
  for (const { statement, index } of statementsOf(section)) {
    const key =
      statement.kind === 'rename' && statement.relation && statement.objectType !== 'column'
        ? keyOf(statement.relation.schema, statement.relation.name)
        : undefined;
    if (key !== undefined && !given.has(key)) given.set(key, index);
  }
  return given;
});

function isGivenUp(
  key: string,
  context: { readonly section: Parameters<typeof namesGivenUpIn>[0]; readonly index: number },
): boolean {
  const given = namesGivenUpIn(context.section).get(key);
  return given !== undefined && given < context.index;
}
