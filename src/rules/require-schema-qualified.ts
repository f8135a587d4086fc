import type { Relation, Statement } from '../sql/statement.ts';
import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'require-schema-qualified',
  title: 'Name without a schema',
  severity: 'off',
  why: 'A name without a schema means whatever search_path makes of it: the same file changes another table, or makes a new one elsewhere, under another role or another setting of the database.',
  safeAlternative: 'Write schema.name wherever a migration makes, changes or drops something.',
  reference: 'ddl-schemas',
  knownAs: {
    squawk: ['require-table-schema'],
    'eslint-plugin-postgresql': ['require-schema-qualified-table'],
  },
  migration: ({ migration }) => {
    const problems: PlacedProblem[] = [];
    for (const section of [migration.up, migration.down]) {
      if (!section) continue;
      let pathIsSet = false;
      const temporary = new Set<string>();
      for (const { statement } of statementsOf(section)) {
        if (statement.kind === 'set' && statement.name === 'search_path') pathIsSet = !statement.reset;
        if (
          (statement.kind === 'create-table' || statement.kind === 'create-table-as') &&
          statement.persistence === 'temporary'
        )
          temporary.add(statement.table.name);
        if (pathIsSet) continue;
        for (const relation of targets(statement)) {
          if (relation.schema !== undefined || temporary.has(relation.name)) continue;
          problems.push({
            migration,
            section: section.name,
            span: relation.span,
            message: `Where ${quoted(relation)} is depends on search_path.`,
          });
        }
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);' },
    {
      history: ['CREATE TABLE public.orders (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
    },
  ],
  good: [
    { sql: 'CREATE TABLE public.orders (id bigint PRIMARY KEY);' },
    {
      sql: 'CREATE TEMPORARY TABLE chosen (id bigint);',
      note: 'Temporary tables have a schema of their own.',
    },
    {
      sql: 'SET LOCAL search_path = public;\nCREATE TABLE orders (id bigint PRIMARY KEY);',
      note: 'The file says itself where names are looked up.',
    },
  ],
};

/** What a statement makes, changes or drops. */
function targets(statement: Statement): readonly Relation[] {
  switch (statement.kind) {
    case 'create-table':
    case 'create-table-as':
    case 'alter-table':
    case 'create-index':
    case 'create-trigger':
    case 'create-policy':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return [statement.table];
    case 'create-view':
    case 'create-materialized-view':
    case 'refresh-materialized-view':
      return [statement.view];
    case 'create-sequence':
    case 'alter-sequence':
      return [statement.sequence];
    case 'truncate':
    case 'lock-table':
      return statement.tables;
    case 'drop':
      if (statement.onTable) return [statement.onTable];
      return [
        'table',
        'view',
        'materialized-view',
        'index',
        'sequence',
        'foreign-table',
        'type',
        'domain',
      ].includes(statement.objectType)
        ? statement.objects
        : [];
    case 'rename':
      return statement.relation ? [statement.relation] : [];
    default:
      return [];
  }
}
