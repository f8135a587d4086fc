import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { keylessTables } from './shared/keyless-tables.ts';
import { qualified, quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'require-primary-key',
  title: 'Table without a primary key',
  severity: 'warning',
  aside: true,
  why: 'Without a primary key nothing names one row: the same row can be there twice and only ctid tells the copies apart, a foreign key that names no columns cannot point to the table, and once the table is in a publication, UPDATE and DELETE on it fail unless a REPLICA IDENTITY is set. Adding the key later builds an index under an ACCESS EXCLUSIVE lock.',
  safeAlternative:
    'Give the table a primary key when it is made: id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, or the columns that name a row.',
  sections: ['up'],
  reference: 'ddl-constraints',
  knownAs: {
    migrationpilot: ['MP045'],
    'pg-migration-lint': ['PGM502'],
    'eslint-plugin-postgresql': ['require-primary-key'],
    schemalint: ['require-primary-key'],
  },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    for (const { table, migration, made, substitute } of keylessTables(context)) {
      if (substitute) continue;
      const copied = made?.statement.kind === 'create-table-as';
      problems.push({
        migration,
        section: 'up',
        span: made?.statement.table.span,
        message: `${quoted(table)} has no primary key${copied ? ': CREATE TABLE AS copies rows, no keys' : ', so nothing keeps the same row from being there twice'}.`,
        advice: `Name the columns that tell its rows apart: ${copied ? `ALTER TABLE ${qualified(table)} ADD PRIMARY KEY (…);` : 'PRIMARY KEY (…)'}, or add id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY.`,
        // Both are mostly made for rows on their way to somewhere else.
        ...(copied || table.persistence === 'unlogged' ? { severity: 'info' as const } : {}),
      });
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE audit_log (at timestamptz NOT NULL, entry text);' },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'CREATE TABLE order_totals AS SELECT id, total FROM orders;',
      note: 'CREATE TABLE AS copies no keys.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'CREATE TABLE old_orders () INHERITS (orders);',
      note: 'A primary key is not inherited.',
    },
    { sql: 'CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);' },
    {
      sql: 'CREATE TABLE audit_log (entry text);\nCREATE FUNCTION note() RETURNS void LANGUAGE plpython3u AS $$ pass $$;',
      note: 'A body that is not read adds no key before it is called.',
    },
  ],
  good: [
    { sql: 'CREATE TABLE audit_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry text);' },
    {
      sql: 'CREATE TABLE audit_log (id bigint NOT NULL, entry text);\nALTER TABLE audit_log ADD PRIMARY KEY (id);',
    },
    {
      sql: 'CREATE TABLE audit_log (id bigint NOT NULL, entry text);',
      then: ['ALTER TABLE audit_log ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);'],
      note: 'The key comes with the same change.',
    },
    {
      history: ['CREATE TABLE events (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);'],
      sql: "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'CREATE TABLE orders_copy (LIKE orders INCLUDING ALL);',
    },
    { sql: 'CREATE TEMPORARY TABLE wanted (id bigint);' },
    {
      sql: 'CREATE TABLE countries (code text NOT NULL UNIQUE, name text);',
      note: 'Its UNIQUE NOT NULL column does the work (unique-not-null-instead-of-pk).',
    },
    {
      sql: "CREATE TABLE measurements (at timestamptz NOT NULL, value float8);\nSELECT create_hypertable('measurements', 'at');",
      note: 'A hypertable of TimescaleDB: rows of a time series have no identity.',
    },
    {
      sql: 'CREATE TABLE import_rows (line text);\nDROP TABLE import_rows;',
    },
  ],
};
