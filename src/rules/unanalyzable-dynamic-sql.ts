import { escapesFromHere } from '../sql/escaped-strings.ts';
import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'unanalyzable-dynamic-sql',
  title: 'Statements that cannot be seen before they run',
  severity: 'warning',
  why: 'EXECUTE runs a text that is put together when the block runs, so its statements, their locks and what they remove are not among the findings of reading it: unless a proof ran it, a clean report says nothing about them. Nor does it after SET standard_conforming_strings = off: a backslash then hides or shows a quote, and what is a string here may be a statement to the server.',
  safeAlternative:
    'Write the statements out, one for each table. Where the list is only known to the database, let the proof run it: that shows what the block does.',
  sections: ['up', 'down'],
  reference: 'plpgsql-statements',
  knownAs: { migrationpilot: ['MP063'], strong_migrations: ['execute', 'change_table'] },
  statements: {
    *set(statement, context) {
      if (escapesFromHere(statement, context.text))
        yield {
          message:
            'From here on a backslash in a string escapes what follows it, and this reading takes it for a plain character: where strings and statements end may differ, and what runs is not judged.',
          advice: "Leave standard_conforming_strings on, and write E'…' for the strings that hold escapes.",
          severity: 'error',
        };
    },
    *do({ body }, context) {
      if (body.notAnalysed !== undefined)
        yield {
          message: `What this block does is not known: ${body.notAnalysed.replace(/\.$/, '')}.`,
          unread: true,
        };
      for (const span of body.dynamic) {
        if (READS_ONLY.test(context.text.slice(span.start, span.end))) continue;
        yield {
          span,
          message:
            'Which statement this runs is known only when it runs: reading it does not tell its locks and effects.',
          unread: true,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: "DO $$\nDECLARE t text;\nBEGIN\n  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP\n    EXECUTE format('ALTER TABLE %I ADD COLUMN tenant_id bigint', t);\n  END LOOP;\nEND $$;",
    },
    {
      history: ['CREATE TABLE orders_2024 (id bigint PRIMARY KEY);'],
      sql: "DO $$ BEGIN EXECUTE 'DROP TABLE orders_' || (2020 + 4); END $$;",
    },
    {
      history: ['CREATE TABLE notes (body text, author text);'],
      sql: "SET standard_conforming_strings = off;\nINSERT INTO notes VALUES ('\\', '); DELETE FROM notes; --');",
      note: 'An error: the server reads other strings here.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE notes (body text);'],
      sql: "SET standard_conforming_strings = on;\nINSERT INTO notes (body) VALUES ('C:\\temp'), (E'two\\nlines');",
      note: 'The default, as pg_dump writes it.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'DO $$ BEGIN ALTER TABLE orders ADD COLUMN note text; EXCEPTION WHEN duplicate_column THEN NULL; END $$;',
      note: 'What is written out is checked like any other statement.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: "DO $$ BEGIN EXECUTE 'ALTER TABLE orders ADD COLUMN note text'; END $$;",
      note: 'So is a text that stands there whole.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: "DO $$ DECLARE n bigint; t text := 'orders'; BEGIN EXECUTE format('SELECT count(*) FROM %I', t) INTO n; RAISE NOTICE '% rows', n; END $$;",
      note: 'It only reads.',
    },
    {
      sql: "CREATE FUNCTION add_tenant(t regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('ALTER TABLE %s ADD COLUMN tenant_id bigint', t); END $$;",
      note: 'Making the function runs nothing of it.',
    },
  ],
};

/** The text that is put together begins with a query, and no second statement is written after it. */
const READS_ONLY = /^\s*(?:(?:pg_catalog\.)?format\s*\(\s*)?[eE]?'\s*(?:select|values|show)\b[^;]*$/i;
