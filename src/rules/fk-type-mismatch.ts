import type { TypeName } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { foreignKeysOf, plainType, referencedColumns } from './shared/foreign-keys.ts';
import { identifier, quoted } from './shared/names.ts';
import { statementsOfKind } from './shared/section-memo.ts';
import { isBuiltIn, written } from './shared/type-change.ts';

export const rule = defineRule({
  id: 'fk-type-mismatch',
  title: 'Foreign key column of another type than the column it points to',
  severity: 'warning',
  why: 'A foreign key between different types either fails (error 42804, where PostgreSQL cannot compare them) or works for as long as both types hold the same values: an integer column cannot point to a bigint key above 2,147,483,647, and widening it later rewrites the table.',
  safeAlternative: 'Give the column the type of the column it points to.',
  sections: ['up'],
  reference: 'ddl-constraints',
  *migration(context) {
    const { after, migration } = context;
    for (const { statement, nested } of statementsOfKind(migration.up, 'create-table', 'alter-table')) {
      for (const key of foreignKeysOf(statement)) {
        const targets = referencedColumns(key, after);
        for (const [position, name] of key.constraint.columns.entries()) {
          const target = targets[position];
          const own = plainType(after.table(key.table), name, after);
          const other =
            target === undefined ? undefined : plainType(after.table(key.references.relation), target, after);
          if (!own || !other || target === undefined || areAlike(own, other)) continue;
          const refused = isRefused(own, other);
          yield {
            migration,
            section: 'up',
            span: nested ? statement.span : key.constraint.span,
            message: `${quoted(name)} is ${written(own)}, but ${quoted(target)} of ${quoted(key.references.relation)}, which it points to, is ${written(other)}${refused ? ': PostgreSQL refuses the foreign key (error 42804).' : consequence(own, other)}`,
            advice: `Make ${identifier(name)} ${written(other)}.`,
            // A branch of a block may not be taken.
            ...(refused && !nested ? { claims: ['fails'] } : {}),
          };
        }
      }
    }
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id integer REFERENCES users (id));',
    },
    {
      history: [
        'CREATE TABLE events (at timestamptz PRIMARY KEY);\nCREATE TABLE notes (id bigint PRIMARY KEY, event_at timestamp);',
      ],
      sql: 'ALTER TABLE notes ADD CONSTRAINT fk_notes_event_at FOREIGN KEY (event_at) REFERENCES events (at) NOT VALID;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id uuid REFERENCES users (id));',
      note: 'This fails.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigserial PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);',
    },
    {
      history: ['CREATE TABLE countries (code varchar(2) PRIMARY KEY);'],
      sql: 'CREATE TABLE cities (id bigint PRIMARY KEY, country text REFERENCES countries (code));',
      note: 'text and varchar compare alike.',
    },
    {
      history: ['CREATE DOMAIN user_id AS bigint;\nCREATE TABLE users (id user_id PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
    },
  ],
};

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar']);
const INTEGERS: readonly string[] = ['smallint', 'integer', 'bigint'];
const MOMENTS: ReadonlySet<string> = new Set(['date', 'timestamp', 'timestamptz']);

function areAlike(one: TypeName, other: TypeName): boolean {
  if (one.array !== other.array) return false;
  return (
    (one.name === other.name && one.schema === other.schema) || (TEXTS.has(one.name) && TEXTS.has(other.name))
  );
}

function consequence(own: TypeName, other: TypeName): string {
  const [narrow, wide] = [INTEGERS.indexOf(own.name), INTEGERS.indexOf(other.name)];
  if (narrow !== -1 && wide !== -1) return narrow < wide ? ': the larger keys cannot be stored in it.' : '.';
  if (MOMENTS.has(own.name) && MOMENTS.has(other.name))
    return ': what they compare as depends on the time zone of the session.';
  return '.';
}

/** No = operator compares the two. */
function isRefused(own: TypeName, other: TypeName): boolean {
  return (
    isBuiltIn(own) &&
    isBuiltIn(other) &&
    INTEGERS.includes(own.name) !== INTEGERS.includes(other.name) &&
    (TEXTS.has(own.name) || TEXTS.has(other.name) || own.name === 'uuid' || other.name === 'uuid')
  );
}
