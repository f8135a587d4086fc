import type { ObjectName, Statement } from '../sql/statement.ts';
import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { sectionsOf } from './shared/made-in-change.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'system-tables',
  title: 'Statement on Airlock’s own tables',
  severity: 'error',
  why: 'The tables _migration_* and _backup_history record what ran where, who holds the lock and which backup belongs to which run. A migration that changes them makes the record say something else than what happened; one that reads them works differently on every database.',
  safeAlternative:
    'Leave them alone: they are written by the commands that run migrations, and by nothing else.',
  sections: ['up', 'down', 'verify'],
  dialects: ['postgres', 'mysql'],
  keepSeverityInDown: true,
  migration: ({ migration }) => {
    const problems: PlacedProblem[] = [];
    for (const section of sectionsOf(migration)) {
      for (const statement of section.sql.statements) {
        const table = ownTable(statement);
        if (table)
          problems.push({
            migration,
            section: section.name,
            span: statement.span,
            message: `${quoted(table)} is a table of Airlock’s own: a migration must not touch it.`,
          });
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: "DELETE FROM _migration_history WHERE migration_id = '20260101000000';",
      history: ['CREATE TABLE _migration_history (migration_id text PRIMARY KEY);'],
    },
    { sql: 'DROP TABLE IF EXISTS _backup_history;' },
  ],
  good: [
    { sql: 'CREATE TABLE migration_notes (id bigint PRIMARY KEY);' },
    { sql: 'CREATE TABLE backup_history (id bigint PRIMARY KEY);' },
  ],
};

const OWN = /^_(?:migration_\w+|backup_history)$/;

function ownTable(statement: Statement): ObjectName | undefined {
  for (const object of namesIn(statement))
    if (object.name.startsWith('_') && OWN.test(object.name)) return object;
  return undefined;
}

function namesIn(statement: Statement): readonly ObjectName[] {
  switch (statement.kind) {
    case 'comment':
      return [statement.object];
    case 'grant':
    case 'revoke':
      return statement.objects;
    case 'rename':
      return [...statement.relations, ...(statement.objectType === 'table' ? [{ name: statement.to }] : [])];
    case 'do':
      return statement.body.statements.flatMap(namesIn);
    case 'create-function':
      return statement.body?.statements.flatMap(namesIn) ?? [];
    default:
      return statement.relations;
  }
}
