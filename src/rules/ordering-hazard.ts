import type { ObjectName, Statement } from '../sql/statement.ts';
import {
  type ChangeContext,
  type CheckedMigration,
  defineRule,
  type PlacedProblem,
  type RuleExamples,
} from './rule.ts';
import { relationMade } from './shared/made-in-change.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'ordering-hazard',
  title: 'Migration that uses what a later one makes',
  severity: 'error',
  why: 'Migrations run in the order of their ids. One that names a table or type which only a later file of the change makes fails with "does not exist", and everything behind it is not run.',
  safeAlternative: 'Give the migration that makes the object the smaller id.',
  claims: ['fails'],
  sections: ['up'],
  stops: true,
  dialects: ['postgres', 'mysql'],
  knownAs: { migrationpilot: ['SQ004'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    if (context.changed.length < 2) return problems;
    const first = firstMakers(context);
    const made = new Set<string>();
    for (const [position, migration] of context.changed.entries()) {
      const { statements } = migration.up.sql;
      const ownPath = statements.some(
        (statement) => statement.kind === 'set' && statement.name === 'search_path',
      );
      const told = new Set<string>();
      for (const statement of statements) {
        for (const { kind, name, key } of ownPath ? [] : used(statement, context)) {
          const maker = first.get(key);
          if (!maker || maker.position <= position || made.has(key) || told.has(key)) continue;
          told.add(key);
          const { migration: later } = maker.migration;
          problems.push({
            migration,
            section: 'up',
            span:
              'span' in name
                ? (name as Extract<Statement, { kind: 'create-table' }>['table']).span
                : statement.span,
            message: `${kind === 'type' ? 'Type' : 'Relation'} ${quoted(name)} does not exist yet: migration ${later.id}, which runs later, makes it.`,
            advice: `Let ${later.up.file.path} run before this one: give it a smaller id.`,
          });
        }
        const making = makes(statement, context);
        if (making) made.add(making.key);
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
      then: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, status order_status);',
      then: ["CREATE TYPE order_status AS ENUM ('open', 'paid');"],
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      then: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));'],
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users RENAME TO people;',
      then: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
    },
    { sql: 'DROP TABLE IF EXISTS users;', then: ['CREATE TABLE users (id bigint PRIMARY KEY);'] },
    {
      sql: 'ALTER TABLE users ADD COLUMN note text;',
      then: ['CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);'],
      note: 'IF NOT EXISTS says that the table may be there already.',
    },
  ],
};

interface Maker {
  readonly position: number;
  readonly migration: CheckedMigration;
}

/** Which migration of the change makes an object first, by `kind key`; objects that were there before, or may have been, are left out. */
function firstMakers(context: ChangeContext): ReadonlyMap<string, Maker> {
  const first = new Map<string, Maker>();
  const unsure = new Set<string>();
  for (const [position, migration] of context.changed.entries()) {
    for (const statement of migration.up.sql.statements) {
      const making = makes(statement, context);
      if (!making) continue;
      if (making.guarded || making.before) unsure.add(making.key);
      if (!first.has(making.key)) first.set(making.key, { position, migration });
    }
  }
  for (const key of unsure) first.delete(key);
  return first;
}

function makes(
  statement: Statement,
  { before }: ChangeContext,
): { readonly key: string; readonly guarded: boolean; readonly before: boolean } | undefined {
  const relation = relationMade(statement);
  if (relation) {
    const there = before.table(relation.name) !== undefined || before.sequence(relation.name) !== undefined;
    return { key: `relation ${before.key(relation.name)}`, guarded: relation.guarded, before: there };
  }
  const type =
    statement.kind === 'create-enum' || statement.kind === 'create-type'
      ? statement.type
      : statement.kind === 'create-domain'
        ? statement.domain
        : undefined;
  return type && { key: `type ${before.key(type)}`, guarded: false, before: before.type(type) !== undefined };
}

/** What has to be there for the statement to run. Bodies of functions and DO blocks are looked up when they run. */
function* used(
  statement: Statement,
  { before }: ChangeContext,
): Generator<{ readonly kind: 'relation' | 'type'; readonly name: ObjectName; readonly key: string }> {
  if (
    statement.kind === 'create-function' ||
    statement.kind === 'do' ||
    ('ifExists' in statement && statement.ifExists)
  )
    return;
  if (statement.kind === 'alter-table' && statement.objectType !== 'table') return;
  if (statement.kind === 'drop' && statement.objectType !== 'table') return;
  const own = relationMade(statement)?.name;
  for (const relation of statement.relations) {
    if (own && statement.kind !== 'rename' && before.key(own) === before.key(relation)) continue;
    yield { kind: 'relation', name: relation, key: `relation ${before.key(relation)}` };
  }
  const columns =
    statement.kind === 'create-table'
      ? statement.columns
      : statement.kind === 'alter-table'
        ? statement.actions.flatMap((action) => (action.action === 'add-column' ? [action.column] : []))
        : [];
  for (const { type } of columns)
    if (type) yield { kind: 'type', name: type, key: `type ${before.key(type)}` };
}
