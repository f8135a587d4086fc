import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'hash-index',
  title: 'Hash index',
  severity: 'off',
  why: 'A hash index answers = and nothing else: no range, no ORDER BY, no second column, no uniqueness. Before PostgreSQL 10 it was not written to the WAL: after a crash it could be corrupt, and on replicas it was never right.',
  safeAlternative: 'Use a B-tree index, unless the values are so long that a hash of them is much smaller.',
  sections: ['up'],
  reference: 'indexes-types',
  knownAs: { gitlab: ['Migration/HashIndex'] },
  statements: {
    *'create-index'(statement, { target }) {
      if (statement.method !== 'hash') return;
      const name = statement.index === undefined ? 'This index' : quoted(statement.index);
      yield target.major !== undefined && target.major < 10
        ? {
            message: `${name} is not written to the WAL on PostgreSQL ${target.major}: a crash can leave it corrupt, and replicas do not have it.`,
            severity: 'warning',
          }
        : { message: `${name} serves comparisons with = only.` };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE sessions (id bigint PRIMARY KEY, token text NOT NULL);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_sessions_token ON sessions USING hash (token);',
      noTransaction: true,
    },
  ],
  good: [
    {
      history: ['CREATE TABLE sessions (id bigint PRIMARY KEY, token text NOT NULL);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_sessions_token ON sessions (token);',
      noTransaction: true,
    },
  ],
};
