import type { Catalog } from '../sql/catalog/catalog.ts';
import type { Span } from '../sql/source.ts';
import type { Column, Constraint, ObjectName, Relation, StatementOf } from '../sql/statement.ts';
import {
  type ChangeContext,
  type CheckedMigration,
  defineRule,
  type PlacedProblem,
  type RuleExamples,
  type Severity,
} from './rule.ts';
import { quoted, shortened } from './shared/names.ts';
import { RESERVED_WORDS, snakeCase } from './shared/reserved-words.ts';
import { statementsOfKind } from './shared/section-memo.ts';

const pattern = (fallback: string, description: string) =>
  ({ default: fallback, description, pattern: true }) as const;

export const rule = defineRule({
  id: 'identifier-naming',
  title: 'Name that does not follow the naming convention',
  severity: 'warning',
  aside: true,
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
    tables: pattern('^[a-z][a-z0-9_]*$', 'Regular expression for names of tables.'),
    columns: pattern('', 'Regular expression for names of columns; empty: any.'),
    indexes: pattern(
      '^idx_{table}(?:_|$)',
      'Regular expression for names of indexes, unique ones and those of constraints left out; {table} and {columns} stand for the names.',
    ),
    foreignKeys: pattern('^fk_{table}_', 'The same for foreign keys.'),
    reserved: { default: true, description: 'Report tables and columns that are named by a reserved word.' },
  },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const patterns = new Patterns(context, problems);
    const names = new Names(context);
    for (const migration of context.all) look(migration, patterns, names);
    for (const kind of KINDS) {
      const { history, change, unfollowed } = names.of(kind);
      const others = history.all > 0 ? history : change;
      // A repository with a convention of its own is not talked out of it.
      if (others.against >= (others === history ? A_FEW : MANY) && others.against > others.all / 2) continue;
      const ofPrisma = new Map<CheckedMigration, Name[]>();
      for (const name of unfollowed) {
        if (isPrismas(name)) ofPrisma.set(name.migration, [...(ofPrisma.get(name.migration) ?? []), name]);
        else problems.push({ migration: name.migration, section: 'up', ...told(name) });
      }
      if (history.all > history.against || history.all === 0)
        for (const [migration, of] of ofPrisma)
          problems.push({ migration, section: 'up', ...toldOfPrisma(of, history.all > 0) });
    }
    return problems;
  },
});

export const examples: RuleExamples = {
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
    {
      sql: 'CREATE TABLE "User" ("id" SERIAL NOT NULL);\nCREATE TABLE "Post" ("id" SERIAL NOT NULL);',
      folder: {
        layout: 'prisma',
        files: {
          '20260101000000_init/migration.sql':
            'CREATE TABLE "User" ("id" SERIAL NOT NULL);\nCREATE TABLE "Post" ("id" SERIAL NOT NULL);',
        },
      },
      note: 'Prisma’s own style: information, once a migration.',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE "Post" ("id" SERIAL NOT NULL);',
      folder: {
        layout: 'prisma',
        files: {
          '20260101000000_init/migration.sql': 'CREATE TABLE "User" ("id" SERIAL NOT NULL);',
          '20260102000000_post/migration.sql': 'CREATE TABLE "Post" ("id" SERIAL NOT NULL);',
        },
        merged: ['20260101000000_init/migration.sql'],
      },
      note: 'All tables that are there follow Prisma’s style.',
    },
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
};

const A_FEW = 3;
const MANY = 10;

const KINDS = ['table', 'column', 'index', 'foreign key'] as const;
type Kind = (typeof KINDS)[number];

interface Name {
  readonly kind: Kind;
  readonly name: string;
  readonly table: ObjectName;
  readonly columns: readonly string[];
  readonly reserved: boolean;
  readonly migration: CheckedMigration;
  readonly span: Span;
}

/** How many names of a kind there are, and how many of them do not follow the convention. */
interface Count {
  all: number;
  against: number;
}

interface Tally {
  readonly history: Count;
  readonly change: Count;
  /** Those of the change. */
  readonly unfollowed: Name[];
}

/** Nearly all names follow the convention, and of those only the number counts. */
class Names {
  readonly #tallies = new Map<Kind, Tally>();
  readonly catalog: Catalog;

  constructor({ after }: ChangeContext) {
    this.catalog = after;
  }

  of(kind: Kind): Tally {
    const tally = this.#tallies.get(kind) ?? {
      history: { all: 0, against: 0 },
      change: { all: 0, against: 0 },
      unfollowed: [],
    };
    this.#tallies.set(kind, tally);
    return tally;
  }

  follows(kind: Kind, { changed }: CheckedMigration): void {
    const tally = this.of(kind);
    (changed ? tally.change : tally.history).all++;
  }

  departs(name: Name): void {
    const tally = this.of(name.kind);
    const count = name.migration.changed ? tally.change : tally.history;
    count.all++;
    count.against++;
    if (name.migration.changed) tally.unfollowed.push(name);
  }
}

class Patterns {
  readonly #texts = new Map<string, string>();
  /** Patterns that are the same for every table. */
  readonly #fixed = new Map<string, RegExp>();
  readonly reserved: boolean;

  constructor(context: ChangeContext, problems: PlacedProblem[]) {
    this.reserved = context.options['reserved'] !== false;
    const [migration] = context.changed;
    for (const name of ['tables', 'columns', 'indexes', 'foreignKeys']) {
      const text = context.options[name];
      if (typeof text !== 'string' || text === '') continue;
      const broken = whyBroken(text);
      if (broken === undefined) {
        this.#texts.set(name, text);
        if (!text.includes('{table}') && !text.includes('{columns}')) this.#fixed.set(name, new RegExp(text));
      } else if (migration)
        problems.push({
          migration,
          section: 'up',
          message: `The option "${name}" of this rule is no regular expression, so these names were not looked at: ${broken}.`,
          advice: `Correct rules.identifier-naming.${name} in the configuration.`,
        });
    }
  }

  /** Of `name` what PostgreSQL keeps: no expression is tried on a name of megabytes. */
  accepts(option: string, name: string, table = '', columns: readonly string[] = []): boolean {
    const fixed = this.#fixed.get(option);
    if (fixed) return fixed.test(shortened(name));
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
    return new RegExp(filled).test(shortened(name));
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

/** Looks at the names that the up of a migration gives. */
function look(migration: CheckedMigration, patterns: Patterns, names: Names): void {
  const judge = (kind: 'table' | 'column', name: string, table: ObjectName, span: Span): void => {
    const reserved = patterns.reserved && RESERVED_WORDS.has(name);
    if (!reserved && patterns.accepts(kind === 'table' ? 'tables' : 'columns', name))
      names.follows(kind, migration);
    else
      names.departs({
        kind,
        name,
        table,
        columns: kind === 'table' ? [] : [name],
        reserved,
        migration,
        span,
      });
  };
  const judgeKey = (constraint: Constraint, table: Relation): void => {
    const { name, columns, span } = constraint;
    if (name === undefined || Buffer.byteLength(`fk_${table.name}_${columns.join('_')}`) > LONGEST) return;
    if (isGenerated(name, table) || patterns.accepts('foreignKeys', name, table.name, columns))
      names.follows('foreign key', migration);
    else names.departs({ kind: 'foreign key', name, table, columns, reserved: false, migration, span });
  };
  const judgeColumn = (column: Column, table: Relation): void => {
    judge('column', column.name, table, column.span);
    for (const constraint of column.constraints)
      if (constraint.type === 'foreign-key') judgeKey(constraint, table);
  };
  for (const { statement } of statementsOfKind(migration.up, ...NAMING)) {
    if (statement.kind === 'create-index') judgeIndex(statement, migration, patterns, names);
    else if (statement.kind === 'rename') {
      if (!statement.relation) continue;
      if (statement.objectType === 'table')
        judge('table', statement.to, { ...statement.relation, name: statement.to }, statement.span);
      else if (statement.objectType === 'column')
        judge('column', statement.to, statement.relation, statement.span);
    } else if (statement.kind === 'alter-table') {
      for (const action of statement.actions) {
        if (action.action === 'add-column') judgeColumn(action.column, statement.table);
        else if (action.action === 'add-constraint' && action.constraint.type === 'foreign-key')
          judgeKey(action.constraint, statement.table);
      }
    } else {
      if (statement.persistence === 'temporary') continue;
      const { table } = statement;
      if (statement.kind === 'create-table-as' || !statement.partitionOf)
        judge('table', table.name, table, table.span);
      if (statement.kind === 'create-table-as') continue;
      for (const column of statement.columns) judgeColumn(column, table);
      for (const constraint of statement.constraints)
        if (constraint.type === 'foreign-key') judgeKey(constraint, table);
    }
  }
}

const NAMING = ['create-table', 'create-table-as', 'alter-table', 'create-index', 'rename'] as const;

function judgeIndex(
  { index: name, unique, table, columns: parts, span }: StatementOf<'create-index'>,
  migration: CheckedMigration,
  patterns: Patterns,
  names: Names,
): void {
  // What belongs to a unique rule or to one partition is named after that.
  if (name === undefined || unique || names.catalog.table(table)?.partitionOf !== undefined) return;
  const columns = parts.map(({ column }) => column ?? 'expression');
  if (Buffer.byteLength(`idx_${table.name}_${columns.join('_')}`) > LONGEST) return;
  // Prisma makes up what PostgreSQL would.
  const isMadeUp =
    migration.migration.layout === 'prisma' && name === `${table.name}_${columns.join('_')}_idx`;
  if (isMadeUp || patterns.accepts('indexes', name, table.name, columns)) names.follows('index', migration);
  else names.departs({ kind: 'index', name, table, columns, reserved: false, migration, span });
}

/** Bytes. */
const LONGEST = 63;

/** The names that PostgreSQL and Rails make up. */
function isGenerated(name: string, table: Relation): boolean {
  return (name.startsWith(`${table.name}_`) && /_fkey\d*$/.test(name)) || name.startsWith('fk_rails_');
}

/** Named as Prisma names what nobody gave another name (@@map). */
function isPrismas({ kind, reserved, migration }: Name): boolean {
  return migration.migration.layout === 'prisma' && kind === 'table' && !reserved;
}

/** One finding a migration. Where no other table follows the convention, the tool's style is the convention. */
function toldOfPrisma(names: readonly Name[], isMixed: boolean): Told {
  const [first, ...others] = names;
  const shown = names.slice(0, 3).map(({ name }) => quoted(name));
  const more = others.length > 2 ? ` and ${names.length - 3} more` : '';
  return {
    span: first?.span ?? { start: 0, end: 0 },
    message: `${shown.join(', ')}${more}: ${names.length === 1 ? 'a name' : 'names'} in the style of Prisma’s models, which SQL has to quote in every statement.`,
    advice: `Name the tables apart from the models, @@map("${snakeCase(first?.name ?? 'name')}"), or leave it as it is: Prisma quotes them itself.`,
    ...(isMixed ? {} : { severity: 'info' }),
  };
}

interface Told {
  readonly message: string;
  readonly advice: string;
  readonly span: Span;
  readonly severity?: Severity;
}

function told({ kind, name, table, columns, reserved, span }: Name): Told {
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
    return {
      span,
      message: `The name of ${kind} ${quoted(name)} does not follow the convention${/[A-Z]/.test(name) ? ', and has to be quoted in every statement' : ''}.`,
      advice: `Name it ${quoted(snakeCase(name))}.`,
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
