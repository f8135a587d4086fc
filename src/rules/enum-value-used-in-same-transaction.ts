import { lex } from '../sql/lexer.ts';
import type { ObjectName, Statement } from '../sql/statement.ts';
import { defineRule, type MigrationContext, type PlacedProblem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import type { PlacedStatement } from './shared/section-memo.ts';
import { stepsByTransaction } from './shared/transaction-steps.ts';

export const rule = defineRule({
  id: 'enum-value-used-in-same-transaction',
  title: 'New enum value used in the transaction that adds it',
  severity: 'error',
  why: 'A value that ALTER TYPE … ADD VALUE adds can be used after its transaction has committed only: a default, a row or a comparison with it in the same transaction fails with "unsafe use of new value" (55P04). From PostgreSQL 17 on a type that the same transaction created is exempt.',
  safeAlternative:
    'Add the value in one migration and use it in the next one; write the values of a new type into its CREATE TYPE.',
  claims: ['fails'],
  sections: ['up'],
  reference: 'sql-altertype',
  knownAs: { migrationpilot: ['MP054'] },
  *migration(context) {
    for (const steps of stepsByTransaction(context.migration.up)) yield* inTransaction(steps, context);
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TYPE order_status AS ENUM ('new', 'paid');\nCREATE TABLE orders (id bigint PRIMARY KEY, status order_status NOT NULL);",
      ],
      sql: "ALTER TYPE order_status ADD VALUE 'refunded' AFTER 'paid';\nUPDATE orders SET status = 'refunded' WHERE id = 1;",
    },
    {
      history: [
        "CREATE TYPE order_status AS ENUM ('new', 'paid');\nCREATE TABLE orders (id bigint PRIMARY KEY, status order_status NOT NULL);",
      ],
      sql: "ALTER TYPE order_status ADD VALUE 'draft' BEFORE 'new';\nALTER TABLE orders ALTER COLUMN status SET DEFAULT 'draft';",
    },
    {
      sql: "CREATE TYPE order_status AS ENUM ('new', 'paid');\nALTER TYPE order_status ADD VALUE 'refunded';\nCREATE TABLE orders (id bigint PRIMARY KEY, status order_status DEFAULT 'refunded');",
      target: { major: 16 },
      note: 'Fails before PostgreSQL 17 although the type is new.',
    },
  ],
  good: [
    {
      history: [
        "CREATE TYPE order_status AS ENUM ('new', 'paid');\nCREATE TABLE orders (id bigint PRIMARY KEY, status order_status NOT NULL);",
        "ALTER TYPE order_status ADD VALUE 'refunded' AFTER 'paid';",
      ],
      sql: "UPDATE orders SET status = 'refunded' WHERE id = 1;",
      note: 'Two migrations, two transactions.',
    },
    {
      history: [
        "CREATE TYPE order_status AS ENUM ('new', 'paid');\nCREATE TABLE orders (id bigint PRIMARY KEY, status order_status NOT NULL);",
      ],
      sql: "ALTER TYPE order_status ADD VALUE 'refunded' AFTER 'paid';\nALTER TYPE order_status ADD VALUE 'lost' AFTER 'refunded';\nCOMMENT ON TYPE order_status IS 'refunded';",
      note: 'A neighbour and a comment are no use of the value.',
    },
    {
      history: [
        "CREATE TYPE order_status AS ENUM ('new', 'paid');\nCREATE TABLE labels (name text PRIMARY KEY);",
      ],
      sql: "ALTER TYPE order_status ADD VALUE 'refunded' AFTER 'paid';\nINSERT INTO labels (name) VALUES ('refunded');",
      note: 'The same word in a column of another type.',
    },
    {
      sql: "CREATE TYPE order_status AS ENUM ('new', 'paid');\nALTER TYPE order_status ADD VALUE 'refunded';\nCREATE TABLE orders (id bigint PRIMARY KEY, status order_status DEFAULT 'refunded');",
      target: { major: 17 },
      note: 'From PostgreSQL 17 on a type of the same transaction is exempt.',
    },
  ],
};

interface Added {
  readonly type: ObjectName;
  /** The transaction made the type too, and the server's version is not known. */
  readonly onlyBefore17: boolean;
}

/** Statements in which a string is no value of a column. */
const NO_USE: ReadonlySet<Statement['kind']> = new Set([
  'alter-enum',
  'create-enum',
  'comment',
  'set',
  'create-function',
  'do',
  'grant',
  'revoke',
  'copy',
  'create-type',
  'create-role',
  'alter-role',
  'create-extension',
]);

function* inTransaction(
  steps: readonly PlacedStatement[],
  context: MigrationContext,
): Generator<PlacedProblem> {
  const created = new Set<string>();
  const added = new Map<string, Added>();
  const { major } = context.target;
  for (const { statement } of steps) {
    if (statement.kind === 'create-enum') created.add(context.after.key(statement.type));
    if (statement.kind === 'alter-enum' && statement.change === 'add-value') {
      const there =
        statement.ifNotExists &&
        context.before.type(statement.type)?.labels.some(({ label }) => label === statement.value);
      const fresh = created.has(context.after.key(statement.type));
      if (!there && !(fresh && major !== undefined && major >= 17))
        added.set(statement.value, { type: statement.type, onlyBefore17: fresh && major === undefined });
    }
    if (added.size === 0 || NO_USE.has(statement.kind)) continue;
    const value = usedValue(statement, added, context);
    const found = value === undefined ? undefined : added.get(value);
    if (!found) continue;
    yield {
      migration: context.migration,
      section: 'up',
      span: statement.span,
      message: `This uses "${value}", which the same transaction adds to ${quoted(found.type)}: it fails with "unsafe use of new value"${found.onlyBefore17 ? ' before PostgreSQL 17' : ''}.`,
      severity: found.onlyBefore17 ? 'warning' : undefined,
    };
  }
}

/** The first new value that stands as a string in a statement about a column of its type, or in a cast to it. */
function usedValue(
  statement: Statement,
  added: ReadonlyMap<string, Added>,
  context: MigrationContext,
): string | undefined {
  const { start, end } = statement.span;
  for (const lexeme of lex(context.text, start, end)) {
    if (lexeme.kind !== 'string') continue;
    const value = context.text
      .slice(lexeme.start, lexeme.end)
      .replace(/^[eEnN]?'|'$/g, '')
      .replaceAll("''", "'");
    const found = added.get(value);
    if (found && concerns(statement, found.type, context, lexeme.end)) return value;
  }
  return undefined;
}

function concerns(statement: Statement, type: ObjectName, context: MigrationContext, after: number): boolean {
  const cast = /^\s*::\s*(?:"?\w+"?\.)?"?(\w+)/.exec(context.text.slice(after, after + 200))?.[1];
  if (cast !== undefined) return cast.toLowerCase() === type.name.toLowerCase();
  const { after: catalog } = context;
  const key = catalog.key(type);
  return statement.relations.some((relation) => {
    const table = catalog.table(relation) ?? context.before.table(relation);
    if (!table?.complete) return true;
    return [...table.columns.values()].some(
      (column) => column.type !== undefined && catalog.key(column.type) === key,
    );
  });
}
