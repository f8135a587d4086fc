import type { CatalogIndex } from '../sql/catalog/catalog.ts';
import type { StatementOf } from '../sql/statement.ts';
import { type ChangeContext, defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { statementsOfKind } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'redundant-index',
  title: 'Index that another index already covers',
  severity: 'info',
  why: 'A B-tree index on (a, b) also serves what an index on (a) would. The second one takes room, has to be kept up by every INSERT and by UPDATEs of its columns, and has to be vacuumed, for hardly any query’s benefit.',
  safeAlternative:
    'Leave the new index out, or drop the older one where the new one replaces it and it backs no constraint.',
  sections: ['up'],
  reference: 'indexes-multicolumn',
  knownAs: { migrationpilot: ['MP100'], 'pg-migration-lint': ['PGM508'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const indexesOf = indexesByStart(context);
    const order = new Map(context.all.map(({ migration }, position) => [migration.id, position]));
    for (const migration of context.changed) {
      const { id } = migration.migration;
      for (const { statement } of statementsOfKind(migration.up, 'create-index')) {
        const [first] = statement.columns;
        const { all, named } = first?.column === undefined ? NO_INDEXES : indexesOf(statement, first.column);
        const own =
          statement.index === undefined
            ? all.find((each) => isOwn(each, id) && shape(each) === shape(statement))
            : named.get(statement.index);
        if (!own || !isOwn(own, id) || !isPlain(own)) continue;
        const other = all.find((each) => each.key !== own.key && covers(each, own, order));
        if (!other) continue;
        const same = other.columns.length === own.columns.length;
        problems.push({
          migration,
          section: 'up',
          span: statement.span,
          message: `${quoted(other.name)} on ${quoted(statement.table)} (${other.columns.map(({ column }) => column).join(', ')}) ${same ? 'is the same index' : 'begins with the same columns'}: ${quoted(own.name)} adds hardly more than work.`,
          advice: holdsRule(other)
            ? `Leave ${quoted(own.name)} out.`
            : `Leave ${quoted(own.name)} out, or drop ${quoted(other.name)} where it takes its place.`,
        });
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, at date);\nCREATE INDEX idx_orders_user_id_at ON orders (user_id, at);',
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);'],
      sql: 'CREATE INDEX CONCURRENTLY idx_users_email ON users (email);',
      noTransaction: true,
      note: 'The UNIQUE constraint has an index.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, at date);\nCREATE INDEX idx_orders_user_id_at ON orders (user_id, at);',
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_at ON orders (at);',
      noTransaction: true,
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, at date);\nCREATE INDEX idx_orders_user_id_at ON orders (user_id, at);',
      ],
      sql: 'CREATE UNIQUE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
      note: 'A unique index does more than help to find rows.',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, at date);\nCREATE INDEX idx_orders_user_id_at ON orders (user_id, at);',
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);\nDROP INDEX CONCURRENTLY idx_orders_user_id_at;',
      noTransaction: true,
      note: 'The new index replaces the other.',
    },
    {
      history: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, state text);\nCREATE INDEX idx_orders_open ON orders (user_id) WHERE state = 'open';",
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id);',
      noTransaction: true,
      note: 'The other one holds some rows only.',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY, name text);\nCREATE INDEX idx_users_name ON users (name);',
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_users_name_pattern ON users (name text_pattern_ops);',
      noTransaction: true,
      note: 'Another operator class serves other queries.',
    },
  ],
};

/** The indexes of a table at the end of the change by their first column, each table looked at once. */
function indexesByStart({
  after,
}: ChangeContext): (statement: StatementOf<'create-index'>, column: string) => Indexes {
  const known = new Map<string, Map<string, Indexes>>();
  return ({ table }, column) => {
    const key = after.key(table);
    const byStart = known.get(key) ?? new Map<string, Indexes>();
    if (!known.has(key)) {
      known.set(key, byStart);
      for (const index of after.indexesOf(table)) {
        const start = index.columns[0]?.column ?? '';
        const indexes: Indexes = byStart.get(start) ?? { all: [], named: new Map() };
        byStart.set(start, indexes);
        indexes.all.push(index);
        indexes.named.set(index.name, index);
      }
    }
    return byStart.get(column) ?? NO_INDEXES;
  };
}

/** Those of a table that begin with one column. */
interface Indexes {
  readonly all: CatalogIndex[];
  readonly named: Map<string, CatalogIndex>;
}

const NO_INDEXES: Indexes = { all: [], named: new Map() };

/** Made by the migration, and not for a constraint. */
function isOwn({ addedBy, constraint }: CatalogIndex, migrationId: string): boolean {
  return addedBy === migrationId && constraint === undefined;
}

/** It keeps a key or another constraint, or is unique: dropping it lets in what it keeps out. */
function holdsRule({ constraint, unique }: CatalogIndex): boolean {
  return constraint !== undefined || unique;
}

type Shape = Pick<CatalogIndex, 'columns' | 'unique' | 'include' | 'method'>;

/** Columns with all that decides what they can be used for. */
function elements({ columns }: Shape): string[] {
  return columns.map(({ column, opclass, collation, order }) =>
    JSON.stringify([column, opclass, collation, order]),
  );
}

function shape(index: Shape): string {
  return JSON.stringify([elements(index), index.unique, index.include, index.method]);
}

/** All rows, by the values of columns. */
function isPlain({ method, partial, columns }: CatalogIndex): boolean {
  return method === 'btree' && !partial && columns.every(({ column }) => column !== undefined);
}

function covers(other: CatalogIndex, own: CatalogIndex, order: ReadonlyMap<string, number>): boolean {
  if (other.method !== 'btree' || other.partial || other.partitionOf !== own.partitionOf) return false;
  const mine = elements(own);
  const theirs = elements(other);
  if (!mine.every((element, position) => element === theirs[position])) return false;
  const held = new Set([...other.columns.map(({ column }) => column), ...other.include]);
  if (!own.include.every((column) => held.has(column))) return false;
  const same = theirs.length === mine.length;
  if (own.unique) {
    if (!same || !other.unique || (other.nullsNotDistinct ?? false) !== (own.nullsNotDistinct ?? false))
      return false;
  }
  // Of two that are the same and both new, the later is told of.
  return !same || other.unique !== own.unique || isOlder(other, own, order);
}

function isOlder(other: CatalogIndex, own: CatalogIndex, order: ReadonlyMap<string, number>): boolean {
  if (other.constraint !== undefined) return true;
  if (other.addedBy === own.addedBy) return other.key < own.key;
  return (order.get(other.addedBy) ?? -1) < (order.get(own.addedBy) ?? -1);
}
