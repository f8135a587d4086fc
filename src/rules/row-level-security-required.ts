import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { qualified, quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';
import { listOption } from './shared/statistics.ts';

export const rule = defineRule({
  id: 'row-level-security-required',
  title: 'New table without row level security',
  severity: 'off',
  why: 'Without row level security every role that holds a privilege on the table sees and changes all of its rows. Where an API gives callers a database role of their own, that is everybody’s data.',
  safeAlternative:
    'ALTER TABLE … ENABLE ROW LEVEL SECURITY in the migration that makes the table, with its policies.',
  sections: ['up'],
  reference: 'ddl-rowsecurity',
  knownAs: { schemalint: ['row-level-security'] },
  options: { schemas: { default: ['public'], description: 'Schemas whose tables need it.' } },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const schemas = listOption(context.options, 'schemas');
    for (const migration of context.changed) {
      for (const { statement } of statementsOf(migration.up)) {
        if (
          statement.kind !== 'create-table' ||
          statement.persistence === 'temporary' ||
          !schemas.includes(statement.table.schema ?? 'public')
        )
          continue;
        const after = context.after.table(statement.table);
        if (
          !after ||
          after.rowSecurity ||
          after.partitionOf !== undefined ||
          after.addedBy !== migration.migration.id
        )
          continue;
        problems.push({
          migration,
          section: 'up',
          span: statement.span,
          message: `${quoted(statement.table)} has no row level security: every role with a privilege on it reaches all rows.`,
          advice: `ALTER TABLE ${qualified(statement.table)} ENABLE ROW LEVEL SECURITY, with a CREATE POLICY for whom may see what.`,
        });
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [{ sql: 'CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);' }],
  good: [
    {
      sql: 'CREATE TABLE documents (id bigint PRIMARY KEY, owner text NOT NULL);\nALTER TABLE documents ENABLE ROW LEVEL SECURITY;\nCREATE POLICY documents_owner ON documents USING (owner = current_user);',
    },
    { sql: 'CREATE SCHEMA internal;\nCREATE TABLE internal.jobs (id bigint PRIMARY KEY);' },
  ],
};
