import { displayName, type ObjectName, type Statement } from '../sql/statement.ts';
import {
  type CheckedSection,
  defineRule,
  type Edit,
  type Problem,
  type RuleExamples,
  type StatementContext,
} from './rule.ts';
import { qualified, quoted } from './shared/names.ts';
import { oncePerSection, transactionsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'prefer-idempotent-statements',
  title: 'Statement that fails when a half-done file is run again',
  severity: 'info',
  why: 'Outside a transaction every statement is committed by itself. When a later one of the file fails, the tool runs the whole file again, and this statement fails because its work is done already ("already exists", "does not exist"): somebody has to repair the database by hand. Airlock’s own runner goes on where it stopped, so the rule is silent there.',
  safeAlternative:
    'Write IF NOT EXISTS, IF EXISTS or OR REPLACE in files that run outside a transaction, or give each statement a file of its own. Before CREATE INDEX CONCURRENTLY goes DROP INDEX CONCURRENTLY IF EXISTS.',
  sections: ['up', 'down'],
  knownAs: {
    squawk: ['prefer-robust-stmts'],
    pgls: ['preferRobustStmts'],
    pgfence: [
      'prefer-robust-create-index',
      'prefer-robust-create-table',
      'prefer-robust-drop-index',
      'prefer-robust-drop-table',
    ],
    migrationpilot: ['MP023'],
    'pg-migration-lint': ['PGM401', 'PGM402'],
    'eslint-plugin-postgresql': ['require-if-exists'],
  },
  statements: {
    'create-table': check,
    'create-table-as': check,
    'create-materialized-view': check,
    'create-view': check,
    'create-index': check,
    'create-sequence': check,
    'create-schema': check,
    'create-extension': check,
    'create-function': check,
    'alter-enum': check,
    'alter-table': check,
    drop: check,
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, shop_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);\nCREATE INDEX CONCURRENTLY idx_orders_shop_id ON orders (shop_id);',
      runner: 'native',
      noTransaction: true,
      note: 'When the second build fails, the next run stops at the first.',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nCREATE TABLE old_orders (id bigint);',
      ],
      sql: 'DROP TABLE old_orders;\nCREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      runner: 'native',
      noTransaction: true,
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, shop_id bigint);'],
      sql: 'DROP INDEX CONCURRENTLY IF EXISTS idx_orders_user_id;\nCREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);\nDROP INDEX CONCURRENTLY IF EXISTS idx_orders_shop_id;\nCREATE INDEX CONCURRENTLY idx_orders_shop_id ON orders (shop_id);',
      runner: 'native',
      noTransaction: true,
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      runner: 'native',
      noTransaction: true,
      note: 'Nothing comes after it that could fail.',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE TABLE users (id bigint PRIMARY KEY);',
      runner: 'native',
      note: 'In a transaction nothing stays when a statement fails.',
    },
  ],
};

interface Plan {
  /** Number of the transaction in which the last statement runs that may fail. */
  readonly last: number;
  /** Position of the first statement that makes the object, or that drops it IF EXISTS. */
  readonly made: ReadonlyMap<string, number>;
  readonly cleared: ReadonlyMap<string, number>;
}

const plan = oncePerSection((section: CheckedSection): Plan => {
  const numbers = transactionsOf(section);
  let last = -1;
  const made = new Map<string, number>();
  const cleared = new Map<string, number>();
  for (const [index, statement] of section.sql.statements.entries()) {
    if (statement.kind !== 'set' && statement.kind !== 'transaction') last = numbers[index] ?? last;
    const name = madeBy(statement)?.name.name;
    if (name !== undefined && !made.has(name)) made.set(name, index);
    if (statement.kind === 'drop' && statement.ifExists)
      for (const object of statement.objects) if (!cleared.has(object.name)) cleared.set(object.name, index);
  }
  return { last, made, cleared };
});

function* check(statement: Statement, context: StatementContext): Generator<Problem> {
  const { section, index } = context;
  if (context.nested || section.execution.runner === 'airlock') return;
  const { last, made, cleared } = plan(section);
  if ((transactionsOf(section)[index] ?? last) >= last) return;
  const earlier = (places: ReadonlyMap<string, number>, { name }: ObjectName): boolean =>
    (places.get(name) ?? index) < index;

  const object = madeBy(statement);
  if (object && !object.guarded && !earlier(cleared, object.name))
    yield problem(`${quoted(object.name)} exists already`, object.guard);

  if (statement.kind === 'drop' && !statement.ifExists) {
    if (statement.objects.every((each) => earlier(made, each))) return;
    const edit = ifExists(statement, context.text);
    yield {
      ...problem(`${statement.objects.map(quoted).join(', ')} is gone already`, 'Write IF EXISTS.'),
      ...(edit ? { fix: { title: 'Drop it only if it exists', edits: [edit] } } : {}),
    };
  }

  if (statement.kind !== 'alter-table') return;
  for (const action of statement.actions) {
    if (action.action === 'add-column' && !action.ifNotExists)
      yield {
        ...problem(`${quoted(action.column.name)} exists already`, 'Write ADD COLUMN IF NOT EXISTS.'),
        span: action.span,
      };
    if (action.action === 'drop-column' && !action.ifExists)
      yield {
        ...problem(`${quoted(action.column)} is gone already`, 'Write DROP COLUMN IF EXISTS.'),
        span: action.span,
      };
    if (action.action === 'drop-constraint' && !action.ifExists)
      yield {
        ...problem(`${quoted(action.constraint)} is gone already`, 'Write DROP CONSTRAINT IF EXISTS.'),
        span: action.span,
      };
  }
}

function problem(state: string, advice: string): Pick<Problem, 'message' | 'advice'> {
  return {
    message: `When a later statement of this file fails and the file is run again, this one fails: ${state}.`,
    advice,
  };
}

interface Made {
  readonly name: ObjectName;
  readonly guarded: boolean;
  readonly guard: string;
}

/** What a statement makes, where PostgreSQL has a form that minds an object which is there already. */
function madeBy(statement: Statement): Made | undefined {
  switch (statement.kind) {
    case 'create-table':
    case 'create-table-as':
      if (statement.persistence === 'temporary') return undefined;
      return {
        name: statement.table,
        guarded: statement.ifNotExists,
        guard: 'Write CREATE TABLE IF NOT EXISTS.',
      };
    case 'create-materialized-view':
      return {
        name: statement.view,
        guarded: statement.ifNotExists,
        guard: 'Write CREATE MATERIALIZED VIEW IF NOT EXISTS.',
      };
    case 'create-view':
      return { name: statement.view, guarded: statement.orReplace, guard: 'Write CREATE OR REPLACE VIEW.' };
    case 'create-index': {
      if (statement.index === undefined) return undefined;
      const name = { schema: statement.table.schema, name: statement.index };
      const guard = statement.concurrently
        ? `Put DROP INDEX CONCURRENTLY IF EXISTS ${qualified(name)} before it; IF NOT EXISTS would keep an invalid index.`
        : 'Write CREATE INDEX IF NOT EXISTS.';
      return { name, guarded: statement.ifNotExists, guard };
    }
    case 'create-sequence':
      return {
        name: statement.sequence,
        guarded: statement.ifNotExists,
        guard: 'Write CREATE SEQUENCE IF NOT EXISTS.',
      };
    case 'create-schema':
      return {
        name: { name: statement.schema },
        guarded: statement.ifNotExists,
        guard: 'Write CREATE SCHEMA IF NOT EXISTS.',
      };
    case 'create-extension':
      return {
        name: { name: statement.extension },
        guarded: statement.ifNotExists,
        guard: 'Write CREATE EXTENSION IF NOT EXISTS.',
      };
    case 'create-function':
      return {
        name: statement.routine,
        guarded: statement.orReplace,
        guard: `Write CREATE OR REPLACE ${statement.procedure ? 'PROCEDURE' : 'FUNCTION'}.`,
      };
    case 'alter-enum':
      return statement.change === 'add-value'
        ? {
            name: { name: `${displayName(statement.type)}.${statement.value}` },
            guarded: statement.ifNotExists,
            guard: 'Write ADD VALUE IF NOT EXISTS.',
          }
        : undefined;
    default:
      return undefined;
  }
}

const HEAD =
  /^drop\s+(?:materialized\s+view|foreign\s+table|table|index(?:\s+concurrently)?|view|sequence|type|domain|schema|function|procedure)\b/i;

function ifExists(statement: Statement, text: string): Edit | undefined {
  const head = HEAD.exec(text.slice(statement.span.start, statement.span.end))?.[0];
  if (head === undefined) return undefined;
  const at = statement.span.start + head.length;
  return { start: at, end: at, text: ' IF EXISTS' };
}
