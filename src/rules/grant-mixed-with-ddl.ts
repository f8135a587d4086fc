import type { StatementKind } from '../sql/statement.ts';
import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { statementsOf } from './shared/section-memo.ts';

const SCHEMA_CHANGES: ReadonlySet<StatementKind> = new Set([
  'create-table',
  'create-table-as',
  'create-view',
  'create-materialized-view',
  'alter-table',
  'create-index',
  'drop',
  'rename',
  'set-schema',
  'create-enum',
  'create-type',
  'alter-enum',
  'create-domain',
  'alter-domain',
  'create-function',
  'create-trigger',
  'create-sequence',
  'create-schema',
]);

export const rule = defineRule({
  id: 'grant-mixed-with-ddl',
  title: 'Privileges and schema changed in one migration',
  severity: 'off',
  why: 'Who may do what is reviewed by other people than the schema is, and is taken back for other reasons. In one migration a rollback of the schema change takes the privileges along, and a wrong privilege cannot be taken back alone.',
  safeAlternative: 'Write GRANT and REVOKE in a migration of their own.',
  sections: ['up'],
  knownAs: { migrationpilot: ['MP091'] },
  migration: ({ migration }) => {
    const all = [...statementsOf(migration.up)].map(({ statement }) => statement);
    if (!all.some(({ kind }) => SCHEMA_CHANGES.has(kind))) return [];
    const grant = all.find(
      ({ kind }) => kind === 'grant' || kind === 'revoke' || kind === 'default-privileges',
    );
    const problem: PlacedProblem[] = grant
      ? [
          {
            migration,
            section: 'up',
            span: grant.span,
            message: 'This migration changes the schema and who may use it.',
          },
        ]
      : [];
    return problem;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE ROLE app;\nCREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;\nGRANT SELECT ON orders TO app;',
    },
  ],
  good: [
    {
      history: ['CREATE ROLE app;\nCREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'GRANT SELECT ON orders TO app;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
    },
  ],
};
