import type { Finding, Result } from '../../src/report/result.ts';
import type { RuleText } from '../../src/report/sarif-rules.ts';
import { SourceFile } from '../../src/sql/source.ts';

/** A change as a reviewer may meet it: eight findings in three of four files. */
export const files = new Map(
  [
    new SourceFile(
      'db/migrations/20261104101500_order_lookup.sql',
      `-- @metadata {
--   "author": "ada", "description": "look up orders by customer", "breakingChange": false,
--   "estimatedDuration": 1000, "dataVolume": "large", "risk": "low", "tags": ["feature"]
-- }
-- UP
CREATE INDEX idx_orders_customer_id ON orders (customer_id);

ALTER TABLE orders
  ADD CONSTRAINT fk_orders_customer
  FOREIGN KEY (customer_id) REFERENCES customers (id);

ALTER TABLE orders ADD COLUMN reference uuid NOT NULL DEFAULT gen_random_uuid();
-- DOWN
DROP INDEX idx_orders_customer_id;
`,
    ),
    new SourceFile(
      'db/migrations/20261104112000_drop_legacy_totals.sql',
      `-- UP
\tALTER TABLE orders DROP COLUMN "総額", DROP COLUMN legacy_total;
ALTER TABLE customers ALTER COLUMN email TYPE text USING lower(email), ALTER COLUMN name SET NOT NULL, ALTER COLUMN phone TYPE varchar(32), ALTER COLUMN country SET DEFAULT 'CH';
`,
    ),
    new SourceFile(
      'db/migrations/20261104120000_customer_notes.sql',
      `-- UP
CREATE TABLE CustomerNotes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint REFERENCES customers (id),
  note text
);
-- DOWN
DROP TABLE CustomerNotes;
`,
    ),
  ].map((file) => [file.path, file]),
);

export function source(path: string): SourceFile | undefined {
  return files.get(path);
}

const [orders = '', totals = '', notes = ''] = files.keys();

/** A finding about `text` as it stands in the file. */
export function findingAbout(file: SourceFile, text: string, rest: Partial<Finding> = {}): Finding {
  const start = file.text.indexOf(text);
  const from = file.position(start);
  const to = file.position(start + text.length);
  return {
    ruleId: 'some-rule',
    severity: 'error',
    stage: 'static',
    file: file.path,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    message: 'Something is wrong.',
    why: 'It hurts.',
    fix: 'Write something else.',
    helpUrl: `https://airlock.example/rules/${rest.ruleId ?? 'some-rule'}`,
    ...rest,
  };
}

function about(path: string, text: string, rest: Partial<Finding>): Finding {
  return findingAbout(files.get(path) ?? new SourceFile(path, text), text, rest);
}

export const findings: Finding[] = [
  about(notes, 'CustomerNotes', {
    ruleId: 'naming-table',
    severity: 'info',
    migrationId: '20261104120000',
    message: 'Table "customernotes" is not named in snake_case.',
    why: 'PostgreSQL folds unquoted names to lower case, so the words of the name run together in every query, log and error message.',
    fix: 'Name it customer_notes.',
    replacement: { line: 2, column: 14, endLine: 2, endColumn: 27, text: 'customer_notes' },
  }),
  about(orders, 'CREATE INDEX idx_orders_customer_id ON orders (customer_id)', {
    ruleId: 'create-index-concurrently',
    migrationId: '20261104101500',
    message: 'Index "idx_orders_customer_id" is built on the existing table "orders" without CONCURRENTLY.',
    why: 'CREATE INDEX takes a SHARE lock on the table. Every INSERT, UPDATE and DELETE on it waits until the whole index has been built, which on a large table takes minutes. Whatever queues behind those waits too.',
    fix: 'Use `CREATE INDEX CONCURRENTLY idx_orders_customer_id ON orders (customer_id)` in a migration of its own that is marked `-- @no-transaction`.',
    replacement: {
      line: 6,
      column: 1,
      endLine: 6,
      endColumn: 60,
      text: 'CREATE INDEX CONCURRENTLY idx_orders_customer_id ON orders (customer_id)',
    },
  }),
  about(
    orders,
    `ALTER TABLE orders
  ADD CONSTRAINT fk_orders_customer
  FOREIGN KEY (customer_id) REFERENCES customers (id)`,
    {
      ruleId: 'add-foreign-key-not-valid',
      migrationId: '20261104101500',
      stage: 'catalog',
      message:
        'Foreign key "fk_orders_customer" is checked while "orders" and "customers" are locked against writes.',
      why: 'Adding a validated foreign key takes SHARE ROW EXCLUSIVE on both tables and scans the referencing one while it holds them.',
      fix: 'Add the constraint with `NOT VALID`, then `VALIDATE CONSTRAINT` in a later transaction.',
    },
  ),
  about(orders, 'reference uuid NOT NULL DEFAULT gen_random_uuid()', {
    ruleId: 'add-column-volatile-default',
    migrationId: '20261104101500',
    message: 'Column "reference" gets a default that differs per row, so "orders" is rewritten.',
    why: 'A volatile default has to be computed for each row: PostgreSQL rewrites the whole table and its indexes under ACCESS EXCLUSIVE, and nobody can read it meanwhile.',
    fix: 'Add the column without a default, set the default for new rows, fill the old ones in batches.',
  }),
  about(orders, 'DROP INDEX idx_orders_customer_id', {
    ruleId: 'drop-index-concurrently',
    severity: 'info',
    migrationId: '20261104101500',
    message: 'The down drops index "idx_orders_customer_id" without CONCURRENTLY.',
    why: 'DROP INDEX takes ACCESS EXCLUSIVE on the table.',
    fix: 'Use `DROP INDEX CONCURRENTLY`.',
  }),
  about(totals, 'DROP COLUMN legacy_total', {
    ruleId: 'drop-column',
    migrationId: '20261104112000',
    message:
      'Column "legacy_total" of "orders" and what it holds are gone for good, and the migration has no down.',
    why: 'The running version of the application still reads the column while the new one is rolled out, and fails at its next query.',
    fix: 'Stop using the column in one release, drop it in the next.',
  }),
  about(totals, 'ALTER COLUMN name SET NOT NULL', {
    ruleId: 'set-not-null',
    severity: 'warning',
    migrationId: '20261104112000',
    message: 'SET NOT NULL on "customers"."name" scans the table under ACCESS EXCLUSIVE.',
    why: 'Without a validated CHECK (name IS NOT NULL) PostgreSQL reads every row to be sure, while nobody else can read the table.',
    fix: 'Add `CHECK (name IS NOT NULL) NOT VALID`, validate it in a later migration, then SET NOT NULL.',
  }),
  about(totals, '"総額"', {
    ruleId: 'drop-column',
    migrationId: '20261104112000',
    message: 'Column "総額" of "orders" and what it holds are gone for good, and the migration has no down.',
    why: 'The running version of the application still reads the column while the new one is rolled out, and fails at its next query.',
    fix: 'Stop using the column in one release, drop it in the next.',
  }),
];

export const result: Result = {
  schemaVersion: 1,
  reasonCode: 'findings',
  next: 'npx airlock validate --fix db/migrations',
  layout: { id: 'airlock', why: 'files start with -- @metadata', directory: 'db/migrations' },
  checked: { migrations: 4, files: 4, statements: 11, history: 37 },
  findings,
  refuted: [
    {
      ...about(totals, 'ALTER COLUMN phone TYPE varchar(32)', {
        ruleId: 'alter-column-type',
        message: 'Changing the type of "phone" may rewrite "customers".',
      }),
      because: 'widening varchar(20) to varchar(32) changes the catalog only',
    },
  ],
  ignores: [
    {
      ruleId: 'require-timeouts',
      file: notes,
      line: 1,
      reason: 'set by the pooler for this role',
      suppressed: 1,
    },
  ],
  notAnalysed: [
    {
      file: 'db/migrations/20261103090000_backfill.ts',
      line: 1,
      reason: 'a migration written in TypeScript is not read',
    },
  ],
};

export const rules: RuleText[] = findings.map((finding) => ({
  id: finding.ruleId,
  title: `Title of ${finding.ruleId}`,
  why: finding.why,
  safeAlternative: finding.fix,
  severity: finding.severity,
}));

export function clean(rest: Partial<Result> = {}): Result {
  return {
    schemaVersion: 1,
    reasonCode: 'clean',
    layout: { id: 'airlock', why: 'files start with -- @metadata', directory: 'db/migrations' },
    checked: { migrations: 2, files: 2, statements: 5, history: 0 },
    findings: [],
    refuted: [],
    ignores: [],
    notAnalysed: [],
    ...rest,
  };
}
