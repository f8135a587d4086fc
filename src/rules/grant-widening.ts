import type { ObjectName } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'grant-widening',
  title: 'GRANT ALL, or a grant TO PUBLIC',
  severity: 'warning',
  why: 'GRANT ALL on a table hands over DELETE, TRUNCATE, REFERENCES and TRIGGER along with what was needed, and PostgreSQL 17 adds MAINTAIN. PUBLIC is every role of the server, those made later included; a privilege held through PUBLIC cannot be taken from one role alone.',
  safeAlternative:
    'Name the privileges that are needed and the role that needs them: GRANT SELECT, INSERT ON … TO app;',
  sections: ['up'],
  reference: 'sql-grant',
  knownAs: { migrationpilot: ['MP085'], 'eslint-plugin-postgresql': ['no-grant-all', 'no-grant-to-public'] },
  statements: {
    *grant(statement) {
      if (statement.kind !== 'grant' || statement.objectType === 'role') return;
      const toPublic = statement.grantees.includes('public');
      // Functions, types and languages have one privilege, and PUBLIC holds it from the start.
      const single = ['function', 'procedure', 'routine', 'type', 'domain', 'other'].includes(
        statement.objectType,
      );
      // What PUBLIC holds of schema public anyway (ddl-priv).
      const given =
        statement.objectType === 'schema' &&
        statement.objects.every(({ name }) => name === 'public') &&
        !statement.all &&
        statement.privileges.every((privilege) => privilege === 'usage');
      if (single || given || (!toPublic && !statement.all)) return;
      const what = statement.all ? 'every privilege' : statement.privileges.join(', ').toUpperCase();
      yield {
        message: `This gives ${what} on ${objects(statement.objects, statement.objectType)} to ${toPublic ? 'every role of the server' : statement.grantees.map(quoted).join(', ')}.`,
      };
    },
    *'default-privileges'(statement) {
      const toPublic = statement.grantees.includes('public');
      if (statement.revoke || (!toPublic && !statement.all)) return;
      yield {
        message: `Objects that are made from now on give ${statement.all ? 'every privilege' : 'privileges'} to ${toPublic ? 'every role of the server' : statement.grantees.map(quoted).join(', ')}.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE ROLE app;\nCREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'GRANT ALL ON orders TO app;',
    },
    { history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'], sql: 'GRANT SELECT ON orders TO PUBLIC;' },
    {
      history: ['CREATE ROLE app;'],
      sql: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO app;',
    },
  ],
  good: [
    {
      history: ['CREATE ROLE app;\nCREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'GRANT SELECT, INSERT, UPDATE ON orders TO app;',
    },
    { history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'], sql: 'REVOKE ALL ON orders FROM PUBLIC;' },
    {
      history: ['CREATE ROLE app;\nCREATE FUNCTION answer() RETURNS int LANGUAGE sql AS $$ SELECT 42 $$;'],
      sql: 'GRANT ALL ON FUNCTION answer() TO app;',
      note: 'A function has EXECUTE alone: ALL is no more.',
    },
  ],
};

function objects(names: readonly ObjectName[], type: string): string {
  return type === 'all-in-schema'
    ? `everything of its kind in ${names.map(quoted).join(', ')}`
    : names.map(quoted).join(', ');
}
