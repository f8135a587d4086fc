import type { StatementOf } from '../sql/statement.ts';
import { defineRule, type Edit, type Fix, type RuleExamples, type StatementContext } from './rule.ts';
import { isShellOnly } from './shared/long-locks.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { oncePerSection } from './shared/section-memo.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'create-index-concurrently',
  title: 'Index built without CONCURRENTLY on an existing table',
  severity: 'error',
  why: 'CREATE INDEX takes a SHARE lock on the table and holds it until the index is built and the transaction ends. Reads go on; every INSERT, UPDATE and DELETE waits that long.',
  safeAlternative:
    'Build it with CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction.',
  claims: ['blocks-writes'],
  sections: ['up'],
  reference: 'sql-createindex',
  knownAs: {
    squawk: ['require-concurrent-index-creation'],
    pgls: ['requireConcurrentIndexCreation'],
    eugene: ['E6'],
    pgfence: ['create-index-not-concurrent'],
    migrationpilot: ['MP001'],
    'pg-migration-lint': ['PGM001'],
    strong_migrations: ['add_index', 'add_reference'],
    atlas: ['PG101'],
    'django-migration-linter': ['CREATE_INDEX'],
    'eslint-plugin-postgresql': ['consistent-create-index-concurrently'],
    'drizzle-migration-lint': ['create-index-non-concurrently'],
    gitlab: ['Migration/AddIndex', 'AddConcurrentIndex'],
  },
  statements: {
    *'create-index'(statement, context) {
      if (statement.concurrently || context.isNew(statement.table)) return;
      // A partitioned parent cannot take CONCURRENTLY: partitioned-index-strategy speaks of that.
      if (
        context.catalog.table(statement.table)?.kind === 'partitioned' ||
        isShellOnly(statement, context.catalog)
      )
        return;
      const size = context.size(statement.table);
      const fix = fixFor(statement, context);
      yield {
        message: `Building ${statement.index === undefined ? 'this index' : quoted(statement.index)} blocks every write to ${quoted(statement.table)}${sizeNote(size)} until it is done.`,
        severity: severityFor(size),
        ...(fix ? { fix } : {}),
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL);'],
      sql: 'CREATE INDEX idx_orders_user_id ON orders (user_id);',
    },
    {
      sql: 'CREATE UNIQUE INDEX idx_accounts_email ON accounts (email);',
      note: 'A table that no migration here made is taken to be in use.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
    },
    {
      history: [
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
      ],
      sql: 'CREATE INDEX idx_events_id ON ONLY events (id);',
      note: 'It is made at once: no partition is locked or read.',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL);\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
      note: 'Nobody uses a table that the same migration made.',
    },
  ],
};

const staysInPlace = oncePerSection(
  ({ sql, execution }) =>
    sql.statements.length === 1 ||
    (!execution.implicit && sql.statements.every(({ kind }) => kind === 'create-index')),
);

/**
 * With nothing but indexes beside it the statement is edited in place; among others it moves to a migration of its own,
 * and so it does beside any other where the file is sent as one: that is a transaction already.
 */
function fixFor(statement: StatementOf<'create-index'>, context: StatementContext): Fix | undefined {
  const { text } = context;
  const head = /^create\s+(?:unique\s+)?index/i.exec(
    text.slice(statement.span.start, statement.span.end),
  )?.[0];
  if (head === undefined || context.nested) return undefined;
  const at = statement.span.start + head.length;
  if (staysInPlace(context.section)) {
    return {
      title: 'Build the index concurrently, outside a transaction',
      edits: [{ start: at, end: at, text: ' CONCURRENTLY' }],
      noTransaction: true,
    };
  }
  const dropped = dropInDown(statement, context);
  if (statement.index === undefined || dropped === 'elsewhere') return undefined;
  const sql = `${text.slice(statement.span.start, at)} CONCURRENTLY${text.slice(at, statement.span.end)};`;
  const end = text[statement.span.end] === ';' ? statement.span.end + 1 : statement.span.end;
  const name = qualified({ schema: statement.table.schema, name: statement.index });
  return {
    title: 'Build the index concurrently in a migration of its own',
    edits: [{ start: statement.span.start, end, text: '' }, ...dropped],
    newMigrations: [
      {
        name: `add_${identifier(statement.index).replace(/\W/g, '_')}`,
        up: sql,
        down: `DROP INDEX CONCURRENTLY IF EXISTS ${name};`,
        noTransaction: true,
      },
    ],
  };
}

/** By the name of the index. */
const indexDrops = oncePerSection(({ sql }): ReadonlyMap<string, readonly StatementOf<'drop'>[]> => {
  const drops = new Map<string, StatementOf<'drop'>[]>();
  for (const statement of sql.statements) {
    if (statement.kind !== 'drop' || statement.objectType !== 'index') continue;
    for (const { name } of statement.objects) {
      const known = drops.get(name);
      if (known) known.push(statement);
      else drops.set(name, [statement]);
    }
  }
  return drops;
});

/** The down that drops the index moves with it: left behind, it would fail once the new migration is rolled back. */
function dropInDown(
  statement: StatementOf<'create-index'>,
  context: StatementContext,
): readonly Edit[] | 'elsewhere' {
  const { down } = context.migration.migration;
  const edits: Edit[] = [];
  const drops = context.migration.down && indexDrops(context.migration.down);
  for (const each of (statement.index !== undefined && drops?.get(statement.index)) || []) {
    if (each.objects.length > 1 || down?.file.path !== context.migration.migration.up.file.path)
      return 'elsewhere';
    const end = context.text[each.span.end] === ';' ? each.span.end + 1 : each.span.end;
    edits.push({ start: each.span.start, end, text: '' });
  }
  return edits;
}
