import { defineRule, type RuleExamples } from './rule.ts';
import { identifier, qualified, quoted, shortened } from './shared/names.ts';

export const rule = defineRule({
  id: 'require-index-name',
  title: 'Index without a name',
  severity: 'off',
  why: 'PostgreSQL makes up a name and appends a number when it is taken, so the index can be called differently on each database. A later DROP INDEX or REINDEX then fails on some of them or takes another index, and running the statement twice builds a second index instead of failing.',
  safeAlternative: 'Name the index.',
  sections: ['up'],
  reference: 'sql-createindex',
  knownAs: { migrationpilot: ['MP042'], gitlab: ['Migration/ComplexIndexesRequireName'] },
  statements: {
    *'create-index'(statement, context) {
      if (
        statement.index !== undefined ||
        context.catalog.table(statement.table)?.persistence === 'temporary'
      )
        return;
      const columns = statement.columns.map(({ column, label }) => column ?? label ?? 'expression');
      const name = identifier(shortened(['idx', statement.table.name, ...columns].join('_')));
      yield {
        message: `This index on ${quoted(statement.table)} gets whatever name is free.`,
        advice: `CREATE ${statement.unique ? 'UNIQUE ' : ''}INDEX ${statement.concurrently ? 'CONCURRENTLY ' : ''}${name} ON ${qualified(statement.table)} …`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY ON orders (user_id);',
      noTransaction: true,
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
    },
  ],
};
