import type { Constraint } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';

export const rule = defineRule({
  id: 'volatile-check-constraint',
  title: 'CHECK whose answer changes although the row does not',
  severity: 'error',
  why: 'PostgreSQL takes a CHECK to give the same answer for the same row for ever, and evaluates it only when a row is written. With now(), CURRENT_DATE or random() a stored row breaks its own constraint later: an UPDATE of another column then fails, and so does restoring a dump.',
  safeAlternative:
    'Check the clock in a BEFORE INSERT OR UPDATE trigger, or in the application, and keep the CHECK to what the row itself holds.',
  sections: ['up'],
  reference: 'ddl-constraints',
  knownAs: { migrationpilot: ['MP087'] },
  statements: {
    *'create-table'(statement, context) {
      yield* problems(
        [...statement.constraints, ...statement.columns.flatMap((column) => column.constraints)],
        context,
      );
    },
    *'alter-table'(statement, context) {
      for (const action of statement.actions) {
        if (action.action === 'add-constraint') yield* problems([action.constraint], context);
        if (action.action === 'add-column') yield* problems(action.column.constraints, context);
      }
    },
    *'create-domain'(statement, context) {
      yield* problems(statement.constraints, context);
    },
    *'alter-domain'(statement, context) {
      if (statement.constraint) yield* problems([statement.constraint], context);
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE events (id bigint PRIMARY KEY, starts_on date NOT NULL CHECK (starts_on >= CURRENT_DATE));',
    },
    {
      history: ['CREATE TABLE coupons (id bigint PRIMARY KEY, expires_at timestamptz);'],
      sql: 'ALTER TABLE coupons ADD CONSTRAINT coupons_not_expired CHECK (expires_at > now()) NOT VALID;',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE events (id bigint PRIMARY KEY, starts_on date NOT NULL, ends_on date NOT NULL, CHECK (ends_on >= starts_on));',
    },
    {
      sql: 'CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL CHECK (length(body) < 1000), created_at timestamptz NOT NULL DEFAULT now());',
    },
  ],
};

/** Functions whose answer depends on the clock, on chance or on who asks. Others that are not immutable (length of bytea, casts) vary with settings that nobody changes. */
const CHANGING: ReadonlySet<string> = new Set([
  'now',
  'clock_timestamp',
  'statement_timestamp',
  'transaction_timestamp',
  'timeofday',
  'age',
  'random',
  'random_normal',
  'gen_random_uuid',
  'uuidv4',
  'uuidv7',
  'uuid_generate_v1',
  'uuid_generate_v4',
  'nextval',
  'currval',
  'lastval',
  'txid_current',
  'pg_current_xact_id',
  'pg_backend_pid',
  'current_setting',
  'getpgusername',
]);
const VALUE =
  /\b(?:current_(?:date|time|timestamp|user|role|catalog|schema)|localtime(?:stamp)?|session_user)\b/i;
/** created_at <= now(): what was once in the past stays there. */
const PAST =
  /^\(*\s*(?:value|[\w."]+)\s*<=?\s*(?:now\s*\(\s*\)|current_timestamp|current_date|localtimestamp)\s*\)*$/i;
/** Characters; a longer expression is not that simple. */
const LONGEST = 200;

function* problems(constraints: readonly Constraint[], context: StatementContext): Generator<Problem> {
  for (const { type, expression, span } of constraints) {
    if (type !== 'check' || !expression || expression.volatility === 'immutable') continue;
    const text = context.nested ? '' : context.text.slice(expression.span.start, expression.span.end).trim();
    const by =
      expression.functions.find(
        ({ name, schema }) =>
          CHANGING.has(name) &&
          (name !== 'age' || !text.includes(',')) &&
          (schema === undefined || schema === 'pg_catalog'),
      )?.name ?? VALUE.exec(text)?.[0];
    if (by === undefined) continue;
    const past = text.length <= LONGEST && PAST.test(text);
    yield {
      span,
      message: past
        ? `This CHECK reads the clock (${by}): a row that was stored stays right, but one that comes from a host whose clock is ahead is refused.`
        : `The answer of this CHECK depends on ${by} and not on the row alone: rows that were stored break it later, and updating or restoring them fails.`,
      ...(past ? { severity: 'warning' as const } : {}),
    };
  }
}
