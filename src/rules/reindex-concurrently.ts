import type { StatementOf } from '../sql/statement.ts';
import { defineRule, type Fix, type RuleExamples, type StatementContext } from './rule.ts';
import { isOwn } from './shared/in-use.ts';
import { nameOfKey } from './shared/keys.ts';
import { isAlone } from './shared/moves.ts';
import { qualified, quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'reindex-concurrently',
  title: 'REINDEX without CONCURRENTLY',
  severity: 'error',
  why: 'REINDEX takes a SHARE lock on the table, so every INSERT, UPDATE and DELETE waits until the index is built, and an ACCESS EXCLUSIVE lock on the index itself, so queries wait too: planning one looks at all indexes of its table.',
  safeAlternative:
    'REINDEX INDEX CONCURRENTLY or REINDEX TABLE CONCURRENTLY (PostgreSQL 12 and later), in a migration of its own that runs outside a transaction.',
  claims: ['blocks-writes'],
  reference: 'sql-reindex',
  knownAs: {
    squawk: ['require-concurrent-reindex'],
    pgls: ['requireConcurrentReindex'],
    pgfence: ['reindex-non-concurrent'],
    migrationpilot: ['MP021'],
    'pg-migration-lint': ['PGM022'],
    'django-migration-linter': ['REINDEX'],
    'eslint-plugin-postgresql': ['consistent-reindex-concurrently'],
  },
  statements: {
    *reindex(statement, context) {
      // The system catalogs have no concurrent form.
      if (statement.concurrently || statement.target === 'system') return;
      const { relation } = statement;
      const key =
        statement.target === 'index' && relation ? context.catalog.index(relation)?.table : undefined;
      const table =
        key === undefined ? (statement.target === 'table' ? relation : undefined) : nameOfKey(key);
      if (table && isOwn(table, context)) return;
      const size = table && context.size(table);
      const what =
        relation && (statement.target === 'index' || statement.target === 'table')
          ? quoted(relation)
          : `a whole ${statement.target}`;
      const whose = table
        ? `${quoted(table)}${sizeNote(size)}`
        : statement.target === 'index'
          ? 'its table'
          : 'each of its tables in turn';
      const tooOld = context.target.major !== undefined && context.target.major < 12;
      const fix = tooOld ? undefined : fixFor(statement, context);
      yield {
        message: `REINDEX of ${what} blocks the writes to ${whose}, and most reads, until the index is built.`,
        advice: tooOld
          ? 'PostgreSQL before 12 has no REINDEX CONCURRENTLY: create a second index CONCURRENTLY, drop the old one CONCURRENTLY, rename the new one.'
          : relation && table
            ? `REINDEX ${statement.target.toUpperCase()} CONCURRENTLY ${qualified(relation)}; outside a transaction.`
            : undefined,
        severity: severityFor(size),
        ...(fix ? { fix } : {}),
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
      ],
      sql: 'REINDEX INDEX idx_orders_user_id;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'REINDEX TABLE orders;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'REINDEX TABLE CONCURRENTLY orders;',
      noTransaction: true,
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'REINDEX (VERBOSE, CONCURRENTLY) TABLE orders;',
      noTransaction: true,
    },
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nREINDEX TABLE orders;' },
  ],
};

function fixFor(statement: StatementOf<'reindex'>, context: StatementContext): Fix | undefined {
  const head = /^reindex\s+(?:\([^)]*\)\s*)?(?:index|table|schema|database)\b/i.exec(
    context.text.slice(statement.span.start, statement.span.end),
  )?.[0];
  if (head === undefined || !isAlone(context)) return undefined;
  const at = statement.span.start + head.length;
  return {
    title: 'Rebuild concurrently, outside a transaction',
    edits: [{ start: at, end: at, text: ' CONCURRENTLY' }],
    noTransaction: true,
  };
}
