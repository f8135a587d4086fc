import type { Span } from '../sql/source.ts';
import type { Column, Constraint, ObjectName, Relation, Statement } from '../sql/statement.ts';
import {
  type ChangeContext,
  type CheckedMigration,
  defineRule,
  type PlacedProblem,
  type Severity,
} from './rule.ts';
import { quoted, shortened } from './shared/names.ts';
import { RESERVED_WORDS } from './shared/reserved-words.ts';
import { statementsOfKind } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'identifier-naming',
  title: 'Name that does not follow the naming convention',
  severity: 'warning',
  why: 'A name with capitals, or one that is a reserved word, has to be written in double quotes in every statement for as long as it lives; forgotten once, it is another name or a syntax error. Names of indexes and foreign keys that tell their table and columns can be understood in a plan, a log or an error message.',
  safeAlternative:
    'Tables in lower_snake_case, indexes idx_<table>_<columns>, foreign keys fk_<table>_<column>; no reserved words.',
  sections: ['up'],
  reference: 'sql-syntax-lexical',
  knownAs: {
    'pg-migration-lint': ['PGM509'],
    atlas: ['NM101', 'NM102', 'NM103', 'NM104', 'NM105', 'NM106'],
    schemalint: ['name-casing', 'name-inflection'],
    'eslint-plugin-postgresql': ['snake-case-table-name', 'snake-case-column-name'],
  },
  options: {
    tables: { default: '^[a-z][a-z0-9_]*$', description: 'Regular expression for names of tables.' },
    columns: { default: '', description: 'Regular expression for names of columns; empty: any.' },
    indexes: {
      default: '^idx_{table}(?:_|$)',
      description:
        'Regular expression for names of indexes, unique ones and those of constraints left out; {table} and {columns} stand for the names.',
    },
    foreignKeys: { default: '^fk_{table}_', description: 'The same for foreign keys.' },
    reserved: { default: true, description: 'Report tables and columns that are named by a reserved word.' },
  },
  examples: {
    bad: [
      { sql: 'CREATE TABLE "UserProfiles" (id bigint PRIMARY KEY);' },
      { sql: 'CREATE TABLE "order" (id bigint PRIMARY KEY);' },
      {
        history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
        sql: 'CREATE INDEX CONCURRENTLY by_user ON orders (user_id);',
        noTransaction: true,
      },
      {
        history: [
          'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
        ],
        sql: 'ALTER TABLE orders ADD CONSTRAINT user_link FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
      },
    ],
    good: [
      {
        sql: 'CREATE TABLE user_profiles (id bigint PRIMARY KEY, email text UNIQUE);\nCREATE INDEX idx_user_profiles_email ON user_profiles (email);',
      },
      {
        history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
        sql: 'CREATE INDEX CONCURRENTLY ON orders (user_id);',
        noTransaction: true,
        note: 'PostgreSQL chooses the name.',
      },
      {
        history: ['CREATE TABLE orders (id bigint PRIMARY KEY, number text);'],
        sql: 'CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number);',
        noTransaction: true,
      },
      {
        history: [
          'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
        ],
        sql: 'ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;',
      },
      {
        history: [
          'CREATE TABLE "User" (id bigint PRIMARY KEY);',
          'CREATE TABLE "Order" (id bigint PRIMARY KEY);',
          'CREATE TABLE "OrderLine" (id bigint PRIMARY KEY);',
        ],
        sql: 'CREATE TABLE "Invoice" (id bigint PRIMARY KEY);',
        note: 'The tables that are there follow another convention.',
      },
    ],
  },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const patterns = new Patterns(context, problems);
    const names = context.all.flatMap((migration) => [...named(migration, patterns, context)]);
    for (const kind of ['table', 'column', 'index', 'foreign key'] as const) {
      const own = names.filter((each) => each.kind === kind);
      const history = own.filter((each) => !each.migration.changed);
      const others = history.length > 0 ? history : own;
      const against = others.filter((each) => !each.follows).length;
      // A repository with a convention of its own is not talked out of it.
      if (against >= (others === history ? A_FEW : MANY) && against > others.length / 2) continue;
      for (const name of own)
        if (!name.follows && name.migration.changed)
          problems.push({ migration: name.migration, section: 'up', ...told(name) });
    }
    return problems;
  },
});

const A_FEW = 3;
const MANY = 10;

interface Name {
  readonly kind: 'table' | 'column' | 'index' | 'foreign key';
  readonly name: string;
  readonly table: ObjectName;
  readonly columns: readonly string[];
  readonly follows: boolean;
  readonly reserved: boolean;
  readonly migration: CheckedMigration;
  readonly span: Span;
}

class Patterns {
  readonly #texts = new Map<string, string>();
  readonly #compiled = new Map<string, RegExp>();
  readonly reserved: boolean;

  constructor(context: ChangeContext, problems: PlacedProblem[]) {
    this.reserved = context.options['reserved'] !== false;
    const [migration] = context.changed;
    for (const name of ['tables', 'columns', 'indexes', 'foreignKeys']) {
      const text = context.options[name];
      if (typeof text !== 'string' || text === '') continue;
      const broken = whyBroken(text);
      if (broken === undefined) this.#texts.set(name, text);
      else if (migration)
        problems.push({
          migration,
          section: 'up',
          message: `The option "${name}" of this rule is no regular expression, so these names were not looked at: ${broken}.`,
          advice: `Correct rules.identifier-naming.${name} in the configuration.`,
        });
    }
  }

  accepts(option: string, name: string, table = '', columns: readonly string[] = []): boolean {
    const text = this.#texts.get(option);
    if (text === undefined) return true;
    // No expression is compiled for each name where the pattern is nothing but text: ^idx_{table}_{columns}$.
    if (PLAIN.test(text))
      return (
        name ===
        text
          .slice(1, -1)
          .replace('{table}', () => table)
          .replace('{columns}', () => columns.join('_'))
      );
    const filled = text
      .replaceAll('{table}', escaped(table))
      .replaceAll('{columns}', escaped(columns.join('_')));
    const known = this.#compiled.get(filled) ?? new RegExp(filled);
    if (filled === text) this.#compiled.set(filled, known);
    return known.test(name);
  }
}

const PLAIN = /^\^\w*(?:\{table\}\w*(?:\{columns\}\w*)?)\$$/;

function whyBroken(pattern: string): string | undefined {
  try {
    new RegExp(pattern.replaceAll('{table}', 't').replaceAll('{columns}', 'c'));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The names that the up of a migration gives. */
function* named(migration: CheckedMigration, patterns: Patterns, context: ChangeContext): Generator<Name> {
  for (const { statement } of statementsOfKind(
    migration.up,
    'create-table',
    'create-table-as',
    'alter-table',
    'create-index',
    'rename',
  )) {
    for (const each of namesOf(statement, patterns, context))
      yield { ...each, migration, span: each.span ?? statement.span };
  }
}

type Found = Omit<Name, 'migration' | 'span'> & { readonly span?: Span | undefined };

function* namesOf(statement: Statement, patterns: Patterns, context: ChangeContext): Generator<Found> {
  switch (statement.kind) {
    case 'create-table':
      if (statement.persistence === 'temporary') return;
      if (!statement.partitionOf) yield tableName(statement.table.name, statement.table, patterns);
      for (const column of statement.columns) yield* columnNames(column, statement.table, patterns);
      for (const constraint of statement.constraints)
        yield* foreignKey(constraint, statement.table, patterns);
      return;
    case 'create-table-as':
      if (statement.persistence !== 'temporary')
        yield tableName(statement.table.name, statement.table, patterns);
      return;
    case 'alter-table':
      for (const action of statement.actions) {
        if (action.action === 'add-column') yield* columnNames(action.column, statement.table, patterns);
        if (action.action === 'add-constraint')
          yield* foreignKey(action.constraint, statement.table, patterns);
      }
      return;
    case 'create-index': {
      const columns = statement.columns.map(({ column }) => column ?? 'expression');
      const table = statement.table.name;
      // What belongs to a unique rule or to one partition is named after that.
      if (
        statement.index === undefined ||
        statement.unique ||
        context.after.table(statement.table)?.partitionOf !== undefined
      )
        return;
      if (Buffer.byteLength(`idx_${table}_${columns.join('_')}`) > LONGEST) return;
      yield {
        kind: 'index',
        name: statement.index,
        table: statement.table,
        columns,
        follows: patterns.accepts('indexes', statement.index, table, columns),
        reserved: false,
      };
      return;
    }
    case 'rename':
      if (statement.objectType === 'table' && statement.relation)
        yield {
          ...tableName(statement.to, { ...statement.relation, name: statement.to }, patterns),
          span: statement.span,
        };
      if (statement.objectType === 'column' && statement.relation)
        yield { ...columnName(statement.to, statement.relation, patterns), span: statement.span };
      return;
    default:
  }
}

/** Bytes. */
const LONGEST = 63;

function tableName(name: string, table: ObjectName & { readonly span?: Span }, patterns: Patterns): Found {
  const reserved = patterns.reserved && RESERVED_WORDS.has(name);
  return {
    kind: 'table',
    name,
    table,
    columns: [],
    follows: patterns.accepts('tables', name) && !reserved,
    reserved,
    ...(table.span ? { span: table.span } : {}),
  };
}

function columnName(name: string, table: ObjectName, patterns: Patterns): Found {
  const reserved = patterns.reserved && RESERVED_WORDS.has(name);
  return {
    kind: 'column',
    name,
    table,
    columns: [name],
    follows: patterns.accepts('columns', name) && !reserved,
    reserved,
  };
}

function* columnNames(column: Column, table: Relation, patterns: Patterns): Generator<Found> {
  yield { ...columnName(column.name, table, patterns), span: column.span };
  for (const constraint of column.constraints) yield* foreignKey(constraint, table, patterns);
}

function* foreignKey(
  { type, name, columns, span }: Constraint,
  table: Relation,
  patterns: Patterns,
): Generator<Found> {
  if (
    type !== 'foreign-key' ||
    name === undefined ||
    Buffer.byteLength(`fk_${table.name}_${columns.join('_')}`) > LONGEST
  )
    return;
  // The names that PostgreSQL and Rails make up.
  const generated =
    (name.startsWith(`${table.name}_`) && /_fkey\d*$/.test(name)) || name.startsWith('fk_rails_');
  yield {
    kind: 'foreign key',
    name,
    table,
    columns,
    follows: generated || patterns.accepts('foreignKeys', name, table.name, columns),
    reserved: false,
    span,
  };
}

function told({ kind, name, table, columns, reserved, span }: Name): {
  readonly message: string;
  readonly advice: string;
  readonly span: Span;
  readonly severity?: Severity;
} {
  if (reserved) {
    const message = `${quoted(name)} is a reserved word: every statement that names this ${kind} has to quote it.`;
    return {
      span,
      message,
      advice: `Choose another name, such as ${quoted(kind === 'table' ? `${name}s` : `${name}_value`)}.`,
      ...(kind === 'table' ? {} : { severity: 'info' }),
    };
  }
  if (kind === 'table' || kind === 'column') {
    const snake = name
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, '_');
    return {
      span,
      message: `The name of ${kind} ${quoted(name)} does not follow the convention${/[A-Z]/.test(name) ? ', and has to be quoted in every statement' : ''}.`,
      advice: `Name it ${quoted(snake)}.`,
    };
  }
  const wanted = shortened(`${kind === 'index' ? 'idx' : 'fk'}_${[table.name, ...columns].join('_')}`);
  return {
    span,
    severity: 'info',
    message: `${kind === 'index' ? 'Index' : 'Foreign key'} ${quoted(name)} on ${columns.map(quoted).join(', ')} of ${quoted(table)} is not named by the convention.`,
    advice: `Name it ${quoted(wanted)}.`,
  };
}
