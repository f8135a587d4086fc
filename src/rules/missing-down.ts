import { layouts } from '../migration/layouts/registry.ts';
import type { AlterTableAction, ObjectType, Statement } from '../sql/statement.ts';
import {
  type ChangeContext,
  type CheckedMigration,
  defineRule,
  type PlacedProblem,
  type RuleExamples,
} from './rule.ts';
import { madeInChange } from './shared/made-in-change.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'missing-down',
  title: 'Migration that cannot be rolled back',
  severity: 'warning',
  aside: true,
  why: 'When the release has to be taken back there is nothing to run: somebody writes the way back by hand, under pressure, or restores a backup. Where the migration drops or deletes something, the down is also where one sees whether it can come back at all.',
  safeAlternative:
    'Write the down that takes this back. Where there is none, say how a rollback works instead: "rollbackStrategy": "backup" or "forward" in the metadata.',
  sections: ['up'],
  dialects: ['postgres', 'mysql'],
  knownAs: {
    'django-migration-linter': ['RUNPYTHON_REVERSIBLE', 'RUNSQL_REVERSIBLE'],
    gitlab: ['ReversibleAddColumnWithDefault'],
  },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const made = madeInChange(context.changed, context.before);
    const habits = new Habits(context.all);
    for (const migration of context.changed) {
      const expected = habits.expected(migration);
      const { metadata, repeatable } = migration.migration;
      const strategy = metadata?.rollbackStrategy;
      if (
        expected === 'nothing' ||
        repeatable ||
        strategy === 'backup' ||
        strategy === 'forward' ||
        hasDown(migration)
      )
        continue;
      problems.push(...problemOf(migration, context, made, expected));
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);' },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'DROP TABLE orders;',
      down: '-- cannot be taken back',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: "DELETE FROM orders WHERE note = 'test';",
      note: 'An error: rows are deleted and nothing says how they come back.',
    },
    {
      sql: 'ALTER TABLE orders ADD COLUMN note text;',
      folder: {
        layout: 'golang-migrate',
        files: {
          '000001_orders.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);',
          '000001_orders.down.sql': 'DROP TABLE orders;',
          '000002_note.up.sql': 'ALTER TABLE orders ADD COLUMN note text;',
        },
        merged: ['000001_orders.up.sql', '000001_orders.down.sql'],
      },
      note: 'The others of the folder have one.',
    },
  ],
  good: [
    { sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);', down: 'DROP TABLE IF EXISTS orders;' },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'DROP TABLE orders;',
      metadata: { rollbackStrategy: 'backup' },
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
      ],
      sql: 'ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_user_id;',
      note: 'Nothing of this has to be taken back.',
    },
    {
      history: ["CREATE TYPE order_status AS ENUM ('new', 'paid');"],
      sql: "ALTER TYPE order_status ADD VALUE 'shipped' AFTER 'paid';",
      note: 'PostgreSQL cannot take a value out of an enum.',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      folder: {
        layout: 'prisma',
        files: { '20260101000000_orders/migration.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY);' },
      },
      note: 'Prisma has no downs.',
    },
  ],
};

function* problemOf(
  migration: CheckedMigration,
  context: ChangeContext,
  made: ReadonlySet<string>,
  expected: 'downs' | 'loss',
): Generator<PlacedProblem> {
  let first: Statement | undefined;
  for (const { statement } of statementsOf(migration.up)) {
    if (statement.kind === 'do' && statement.body.statements.length > 0) continue;
    const lost = lossOf(statement, context, made);
    if (lost !== undefined) {
      const message = `${lost}, and this migration has no down: nothing says how that is taken back.`;
      yield {
        migration,
        section: 'up',
        span: statement.span,
        message,
        advice: howToWrite(migration),
        severity: isOptional(migration) ? 'info' : expected === 'downs' ? 'error' : 'warning',
      };
      return;
    }
    if (isLasting(statement)) first ??= statement;
  }
  if (first && expected === 'downs') {
    const empty = migration.migration.down !== undefined;
    yield {
      migration,
      section: 'up',
      span: first.span,
      message: empty
        ? 'The down of this migration does nothing: a rollback leaves what the up did.'
        : 'This migration has no down: a rollback cannot take it back.',
      advice: howToWrite(migration),
      ...(isOptional(migration) ? { severity: 'info' } : {}),
    };
  }
}

/** What a migration of this folder is expected to bring along. */
class Habits {
  readonly #total = new Map<string, number>();
  readonly #withDown = new Map<string, number>();

  constructor(all: readonly CheckedMigration[]) {
    for (const { migration } of all) {
      this.#total.set(migration.layout, (this.#total.get(migration.layout) ?? 0) + 1);
      if (migration.down)
        this.#withDown.set(migration.layout, (this.#withDown.get(migration.layout) ?? 0) + 1);
    }
  }

  /** Where a tool knows downs and the folder has none at all, only what is lost is worth a word. */
  expected({ migration }: CheckedMigration): 'downs' | 'loss' | 'nothing' {
    const layout = layouts.get(migration.layout);
    if (!layout || layout.downs === 'none') return 'nothing';
    if (layout.id === 'airlock' || (this.#withDown.get(layout.id) ?? 0) > 0) return 'downs';
    const paired = layout.downs === 'section' || /(?:^|[./])up\.sql$/.test(migration.up.file.path);
    return paired && this.#total.get(layout.id) === 1 ? 'downs' : 'loss';
  }
}

/** Flyway undoes migrations in its paid editions only. */
function isOptional({ migration }: CheckedMigration): boolean {
  return migration.layout === 'flyway';
}

/** Where the down goes in the migration's layout; only Airlock's own has metadata. */
function howToWrite({ migration }: CheckedMigration): string {
  const layout = layouts.get(migration.layout);
  const { up, down } = migration;
  if (layout?.id === 'airlock')
    return `Write what takes it back below -- DOWN${down && down.file.path !== up.file.path ? ` in ${down.file.path}` : ''}. Where nothing can, say how a rollback works instead: "rollbackStrategy": "backup" or "forward" in the metadata.`;
  if (layout?.downs === 'section') {
    const marker = layout.markers?.split(', ').at(-1);
    return `Write what takes it back below ${marker ?? 'the marker of the down'} in the same file. Where nothing can, say why: -- @ignore missing-down <reason>.`;
  }
  const path = down?.file.path ?? downPath(migration);
  const where = path === undefined ? 'a down' : path;
  return migration.layout === 'flyway'
    ? `Where your edition of Flyway has undo migrations, write what takes it back in ${where}.`
    : `Write what takes it back in ${where}. Where nothing can, say why: -- @ignore missing-down <reason>.`;
}

/** The file of the down beside that of the up, by the ways in which layouts name pairs. */
function downPath({ layout, up: { file } }: CheckedMigration['migration']): string | undefined {
  const path =
    layout === 'sqitch'
      ? file.path.replace(/(^|\/)deploy\//, '$1revert/')
      : layout === 'flyway'
        ? file.path.replace(/(^|\/)V(?=[^/]*$)/, '$1U')
        : file.path.replace(/\bup\.sql$/, 'down.sql');
  return path === file.path ? undefined : path;
}

function hasDown({ migration, down }: CheckedMigration): boolean {
  if (!migration.down || !down) return false;
  const { statements, errors, notAnalysed } = down.sql;
  return errors.length > 0 || notAnalysed.length > 0 || statements.some((statement) => !isEmpty(statement));
}

/** BEGIN, SET, and SELECT 1 as a place holder. */
function isEmpty(statement: Statement): boolean {
  return (
    statement.kind === 'transaction' ||
    statement.kind === 'set' ||
    (statement.kind === 'select' && !statement.from && statement.functions.length === 0)
  );
}

const PASSING: ReadonlySet<Statement['kind']> = new Set([
  'select',
  'set',
  'transaction',
  'analyze',
  'vacuum',
  'reindex',
  'cluster',
  'refresh-materialized-view',
  'lock-table',
  'comment',
  'load',
]);
const PASSING_ACTIONS: ReadonlySet<AlterTableAction['action']> = new Set([
  'validate-constraint',
  'set-statistics',
  'cluster-on',
  'drop-cluster',
]);

/** Leaves something that a rollback would have to take back. */
function isLasting(statement: Statement): boolean {
  if (PASSING.has(statement.kind)) return false;
  // There is no way to take a value out of an enum, and one that nobody writes does no harm.
  if (statement.kind === 'alter-enum' && statement.change === 'add-value') return false;
  if (statement.kind === 'alter-table')
    return statement.actions.some(({ action }) => !PASSING_ACTIONS.has(action));
  return !('persistence' in statement && statement.persistence === 'temporary');
}

const HOLD_DATA: ReadonlySet<ObjectType> = new Set(['table', 'schema', 'materialized-view']);

function lossOf(statement: Statement, context: ChangeContext, made: ReadonlySet<string>): string | undefined {
  const known = (name: { readonly schema?: string | undefined; readonly name: string }): boolean =>
    made.has(context.before.key(name));
  switch (statement.kind) {
    case 'drop': {
      const gone = HOLD_DATA.has(statement.objectType)
        ? statement.objects.filter((object) => !known(object))
        : [];
      return gone.length > 0
        ? `${gone.map(quoted).join(', ')} ${gone.length === 1 ? 'is' : 'are'} dropped`
        : undefined;
    }
    case 'truncate': {
      const gone = statement.tables.filter((table) => !known(table));
      return gone.length > 0
        ? `${gone.map(quoted).join(', ')} ${gone.length === 1 ? 'is' : 'are'} emptied`
        : undefined;
    }
    case 'drop-owned':
      return `Everything of ${statement.roles.map(quoted).join(', ')} is dropped`;
    case 'delete':
      return known(statement.table) ? undefined : `Rows of ${quoted(statement.table)} are deleted`;
    case 'alter-table': {
      if (known(statement.table)) return undefined;
      const old = context.before.table(statement.table);
      const gone = statement.actions.flatMap((action) =>
        action.action === 'drop-column' && (!old?.complete || old.columns.has(action.column))
          ? [action.column]
          : [],
      );
      return gone.length > 0
        ? `${gone.map(quoted).join(', ')} of ${quoted(statement.table)} ${gone.length === 1 ? 'is' : 'are'} dropped`
        : undefined;
    }
    default:
      return undefined;
  }
}
