import type { Catalog, CatalogIndex } from '../sql/catalog/catalog.ts';
import { defineRule, type Fix, type PlacedProblem, type RuleExamples } from './rule.ts';
import { type ForeignKey, foreignKeysOf } from './shared/foreign-keys.ts';
import { fileWords } from './shared/moves.ts';
import { identifier, qualified, quoted, shortened } from './shared/names.ts';
import { type PlacedStatement, statementsOfKind } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'foreign-key-missing-index',
  title: 'Foreign key columns without an index',
  severity: 'warning',
  aside: true,
  why: 'PostgreSQL does not index the columns of a foreign key. Each DELETE on the referenced table, and each UPDATE of its key, then reads the whole referencing table to look for rows that point there, and joins along the key do the same.',
  safeAlternative:
    'An index whose first columns are those of the foreign key: CREATE INDEX CONCURRENTLY, in a migration of its own, before the foreign key is added.',
  sections: ['up'],
  reference: 'ddl-constraints',
  knownAs: {
    eugene: ['E15'],
    pgfence: ['fk-missing-index'],
    migrationpilot: ['MP016'],
    'pg-migration-lint': ['PGM501'],
    'eslint-plugin-postgresql': ['require-index-on-fk-column'],
    schemalint: ['index-referencing-column'],
  },
  *change(context) {
    const { after } = context;
    if (after.incomplete) return;
    for (const migration of context.changed) {
      for (const placed of statementsOfKind(migration.up, 'create-table', 'alter-table')) {
        for (const key of foreignKeysOf(placed.statement)) {
          const table = after.table(key.table);
          const { columns } = key.constraint;
          // A table that is not known whole may have the index; so may one that a later migration dropped.
          if (
            !table?.complete ||
            columns.length === 0 ||
            !columns.every((column) => table.columns.has(column))
          )
            continue;
          if (!stillThere(key, after) || after.indexesOf(key.table).some((index) => covers(index, columns)))
            continue;
          // Nobody uses a table that this migration makes: its index needs no CONCURRENTLY, nor a file of its own.
          const isNew = table.addedBy === migration.migration.id;
          const fix = table.kind === 'table' ? fixFor(key, placed, isNew) : undefined;
          const problem: PlacedProblem = {
            migration,
            section: 'up',
            span: placed.nested ? placed.statement.span : key.constraint.span,
            message: `No index of ${quoted(key.table)} begins with ${columns.map(quoted).join(', ')}: each DELETE on ${quoted(key.references.relation)} reads all of ${quoted(key.table)}.`,
            advice: `CREATE INDEX ${isNew ? '' : 'CONCURRENTLY '}${identifier(indexName(key))} ON ${qualified(key.table)} (${columns.map(identifier).join(', ')});`,
            ...(fix ? { fix } : {}),
          };
          const rows = context.target.tables.get(after.key(key.table))?.rows;
          yield rows !== undefined && rows < SMALL ? { ...problem, severity: 'info' } : problem;
        }
      }
    }
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, at date);\nCREATE INDEX idx_orders_at_user_id ON orders (at, user_id);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
      note: 'The index begins with another column.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));\nCREATE INDEX idx_orders_user_id ON orders (user_id);',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, at date);\nCREATE INDEX idx_orders_user_id_at ON orders (user_id, at);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE profiles (user_id bigint PRIMARY KEY REFERENCES users (id), bio text);',
      note: 'The primary key is such an index.',
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
      then: ['CREATE INDEX CONCURRENTLY idx_orders_user_id ON orders (user_id) WHERE user_id IS NOT NULL;'],
      note: 'The same change builds the index in its own migration.',
    },
    {
      history: [
        "CREATE TABLE users (id bigint PRIMARY KEY);\nDO $$ BEGIN EXECUTE format('CREATE TABLE invoices (user_id %s)', 'bigint'); END $$;",
      ],
      sql: 'ALTER TABLE invoices ADD CONSTRAINT fk_invoices_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
      note: 'What made the table could not be read, so which indexes it has is not known.',
    },
  ],
};

/** Rows; reading fewer costs next to nothing. */
const SMALL = 10_000;

/** A later statement may have dropped the constraint again. */
function stillThere(key: ForeignKey, after: Catalog): boolean {
  const target = after.key(key.references.relation);
  for (const constraint of after.table(key.table)?.constraints.values() ?? []) {
    if (
      constraint.references &&
      after.key(constraint.references.relation) === target &&
      constraint.columns.join() === key.constraint.columns.join()
    )
      return true;
  }
  return false;
}

/** The first columns of the index are those of the key, in any order. A condition must be on them alone (user_id IS NOT NULL). */
function covers(index: CatalogIndex, columns: readonly string[]): boolean {
  if (index.method !== 'btree' && index.method !== 'hash' && index.method !== 'gist') return false;
  if (
    index.partial &&
    !(index.where?.functions.length === 0 && index.where.columns.every((column) => columns.includes(column)))
  )
    return false;
  const first = index.columns.slice(0, columns.length).map(({ column }) => column);
  return columns.every((column) => first.includes(column));
}

function indexName(key: ForeignKey): string {
  return shortened(`idx_${key.table.name}_${key.constraint.columns.join('_')}`);
}

function fixFor(key: ForeignKey, { nested, statement }: PlacedStatement, isNew: boolean): Fix | undefined {
  if (nested || key.table.schema === 'pg_temp') return undefined;
  const name = indexName(key);
  const columns = key.constraint.columns.map(identifier).join(', ');
  if (isNew) {
    const { end } = statement.span;
    return {
      title: 'Create the index with the table',
      edits: [
        {
          start: end,
          end,
          text: `;\nCREATE INDEX ${identifier(name)} ON ${qualified(key.table)} (${columns})`,
        },
      ],
    };
  }
  return {
    title: 'Build the index concurrently in a migration of its own',
    edits: [],
    newMigrations: [
      {
        name: fileWords('add', name),
        up: `CREATE INDEX CONCURRENTLY ${identifier(name)} ON ${qualified(key.table)} (${columns});`,
        down: `DROP INDEX CONCURRENTLY IF EXISTS ${qualified({ schema: key.table.schema, name })};`,
        noTransaction: true,
      },
    ],
  };
}
