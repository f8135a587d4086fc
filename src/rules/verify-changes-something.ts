import type { Statement } from '../sql/statement.ts';
import {
  type CheckedSection,
  defineRule,
  type MigrationContext,
  type PlacedProblem,
  type RuleExamples,
} from './rule.ts';

export const rule = defineRule({
  id: 'verify-changes-something',
  title: 'Verify section that does more than read',
  severity: 'error',
  why: 'The verify section asks whether the up did its work, on every database and as often as somebody wants to know. What it changes is in no up and comes back with no down, is looked at by no other rule, and happens again with each run; locks that it takes are taken on the live database.',
  safeAlternative:
    'Queries that fail when the work was not done: SELECT 1 / count(*) … divides by zero. What changes something belongs to the up, or to a migration of its own.',
  sections: ['verify'],
  migration: inVerify,
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'DELETE FROM sessions WHERE expires_at IS NULL;',
      file: '-- UP\nALTER TABLE sessions ADD COLUMN expires_at timestamptz;\n-- DOWN\nALTER TABLE sessions DROP COLUMN expires_at;\n-- VERIFY\nDELETE FROM sessions WHERE expires_at IS NULL;\n',
      note: 'In the VERIFY section.',
    },
    {
      sql: 'WITH gone AS (DELETE FROM sessions RETURNING id)\nSELECT count(*) FROM gone;',
      file: '-- UP\nALTER TABLE sessions ADD COLUMN note text;\n-- DOWN\nALTER TABLE sessions DROP COLUMN note;\n-- VERIFY\nWITH gone AS (DELETE FROM sessions RETURNING id)\nSELECT count(*) FROM gone;\n',
    },
    {
      sql: 'SELECT * FROM sessions FOR UPDATE;',
      file: '-- UP\nALTER TABLE sessions ADD COLUMN note text;\n-- DOWN\nALTER TABLE sessions DROP COLUMN note;\n-- VERIFY\nSELECT * FROM sessions FOR UPDATE;\n',
    },
    {
      sql: 'CALL check_sessions();',
      file: '-- UP\nALTER TABLE sessions ADD COLUMN note text;\n-- DOWN\nALTER TABLE sessions DROP COLUMN note;\n-- VERIFY\nCALL check_sessions();\n',
      note: 'What the procedure does is not known.',
    },
    {
      sql: "DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'sessions'; END $$;",
      file: "-- UP\nALTER TABLE sessions ADD COLUMN note text;\n-- DOWN\nALTER TABLE sessions DROP COLUMN note;\n-- VERIFY\nDO $$ BEGIN EXECUTE 'DROP TABLE ' || 'sessions'; END $$;\n",
    },
  ],
  good: [
    {
      sql: "SELECT 1 / count(*) FROM pg_tables WHERE tablename = 'orders';",
      file: "-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE orders;\n-- VERIFY\nSET LOCAL statement_timeout = '10s';\nSELECT 1 / count(*) FROM pg_tables WHERE tablename = 'orders';\nTABLE orders;\nEXPLAIN DELETE FROM orders;\nEXPLAIN ANALYZE SELECT * FROM orders;\n",
      note: 'EXPLAIN without ANALYZE runs nothing.',
    },
    {
      sql: "DO $$ BEGIN ASSERT (SELECT count(*) FROM orders) = 0, 'orders is not empty'; END $$;",
      file: "-- UP\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- DOWN\nDROP TABLE orders;\n-- VERIFY\nDO $$ BEGIN ASSERT (SELECT count(*) FROM orders) = 0, 'orders is not empty'; END $$;\n",
      note: 'All of the block can be seen, and it only reads.',
    },
    {
      sql: 'BEGIN;\nINSERT INTO orders (id) VALUES (1);\nROLLBACK;',
      folder: {
        layout: 'sqitch',
        files: {
          'sqitch.plan':
            '%syntax-version=1.0.0\n%project=shop\n\norders 2026-01-01T00:00:00Z Ada <ada@example.com> # orders\n',
          'deploy/orders.sql': 'BEGIN;\nCREATE TABLE orders (id bigint PRIMARY KEY);\nCOMMIT;\n',
          'revert/orders.sql': 'BEGIN;\nDROP TABLE orders;\nCOMMIT;\n',
          'verify/orders.sql': 'BEGIN;\nINSERT INTO orders (id) VALUES (1);\nROLLBACK;\n',
        },
      },
      note: 'Sqitch’s way: ROLLBACK takes back whatever the script tried.',
    },
  ],
};

function* inVerify(context: MigrationContext): Generator<PlacedProblem> {
  const { migration } = context;
  const section = migration.verify;
  const file = migration.migration.verify?.file;
  if (!section || !file) return;
  // Sqitch runs each script in a session of its own, and scripts say themselves what a transaction is.
  const ownSession = migration.migration.layout === 'sqitch';
  for (const { at, does } of lasting(section, ownSession))
    yield {
      migration,
      section: 'verify',
      span: at.span,
      message: `${firstWords(file.text, at)} ${does}.`,
    };
}

/** What the section changes and no ROLLBACK of its own takes back. */
function lasting(section: CheckedSection, ownSession: boolean): Change[] {
  const found: Change[] = [];
  let begun: number | undefined;
  for (const statement of section.sql.statements) {
    if (statement.kind === 'transaction') {
      if (statement.command === 'begin') begun ??= found.length;
      else if (statement.command === 'rollback' && begun !== undefined) found.length = begun;
      if (['rollback', 'commit', 'prepare'].includes(statement.command)) begun = undefined;
      if (ownSession || statement.command === 'begin' || statement.command === 'rollback') continue;
    }
    const change = changeIn(statement, ownSession);
    if (change) found.push(change);
  }
  return found;
}

interface Change {
  readonly at: Statement;
  readonly does: string;
}

const CHANGES = 'changes something, and a verify only looks';
const UNKNOWN = 'may change anything: what it does cannot be known here';

/** Read by SHOW and EXPLAIN; what EXPLAIN ANALYZE runs stands inside it. */
const READING_NODES: ReadonlySet<string> = new Set(['VariableShowStmt', 'ExplainStmt']);

/** Functions of PostgreSQL that leave something behind. */
const CHANGING_FUNCTIONS: ReadonlySet<string> = new Set([
  'nextval',
  'setval',
  'lo_creat',
  'lo_create',
  'lo_from_bytea',
  'lo_import',
  'lo_put',
  'lo_unlink',
  'pg_cancel_backend',
  'pg_reload_conf',
  'pg_terminate_backend',
]);

function changeIn(statement: Statement, ownSession: boolean): Change | undefined {
  for (const inner of statement.inner ?? []) {
    const found = changeIn(inner, ownSession);
    if (found) return found;
  }
  switch (statement.kind) {
    case 'select': {
      if (statement.locking) return { at: statement, does: 'locks the rows that it reads' };
      const called = statement.functions.find(
        ({ schema, name }) => (schema ?? 'pg_catalog') === 'pg_catalog' && CHANGING_FUNCTIONS.has(name),
      );
      return called && { at: statement, does: `calls ${called.name}(), which changes something` };
    }
    case 'set':
      return statement.local || ownSession || statement.name === 'transaction'
        ? undefined
        : { at: statement, does: 'stays in force for what the same session runs next: write SET LOCAL' };
    case 'do': {
      const { statements, dynamic, notAnalysed } = statement.body;
      if (notAnalysed !== undefined || dynamic.length > 0) return { at: statement, does: UNKNOWN };
      for (const inner of statements) {
        const found = changeIn(inner, ownSession);
        if (found) return found;
      }
      return undefined;
    }
    case 'call':
      return { at: statement, does: UNKNOWN };
    case 'other':
      if (READING_NODES.has(statement.node)) return undefined;
      return { at: statement, does: statement.node === 'ExecuteStmt' ? UNKNOWN : CHANGES };
    case 'transaction':
      return { at: statement, does: 'ends a transaction, and a verify only looks' };
    default:
      return { at: statement, does: CHANGES };
  }
}

/** "DELETE FROM sessions", "SELECT *": enough to find the statement. */
function firstWords(text: string, { span }: Statement): string {
  const words = text.slice(span.start, span.end).match(/^\w+(?:\s+\w+){0,2}/)?.[0] ?? 'This';
  return words.replace(/\s+/g, ' ');
}
