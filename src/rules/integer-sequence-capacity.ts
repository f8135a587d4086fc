import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

const LIMITS: Readonly<Record<string, string>> = { integer: '2,147,483,647', smallint: '32,767' };

export const rule = defineRule({
  id: 'integer-sequence-capacity',
  title: 'Sequence that ends at the limit of integer',
  severity: 'info',
  why: 'A sequence AS integer ends at 2,147,483,647, one AS smallint at 32,767. After that nextval fails (error 2200H), and with it every INSERT that draws a number. Numbers drawn by transactions that were rolled back are used up, too.',
  safeAlternative:
    'Leave AS out (bigint is the default), and use bigint for the columns that take the numbers.',
  sections: ['up'],
  reference: 'sql-createsequence',
  knownAs: { migrationpilot: ['MP068'] },
  statements: {
    *'create-sequence'(statement, context) {
      const { type, sequence } = statement;
      const limit = type?.schema === undefined ? LIMITS[type?.name ?? ''] : undefined;
      if (!type || limit === undefined || statement.persistence === 'temporary') return;
      if (statement.ifNotExists && context.catalog.sequence(sequence)) return;
      const words = context.text.slice(statement.span.start, statement.span.end);
      // An end that was written out is meant.
      if (/(?<!\bno\s+)\b(?:cycle|maxvalue)\b/i.test(words)) return;
      yield {
        message: `${quoted(sequence)} ends at ${limit}; after that every statement that draws a number from it fails.`,
        ...(context.nested || /\bincrement\s+(?:by\s+)?-/i.test(words)
          ? {}
          : {
              span: type.span,
              fix: {
                title: 'Make it a bigint sequence',
                edits: [{ start: type.span.start, end: type.span.end, text: 'bigint' }],
              },
            }),
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE SEQUENCE invoice_numbers AS integer;' },
    { sql: 'CREATE SEQUENCE ticket_numbers AS smallint START WITH 100;' },
  ],
  good: [
    { sql: 'CREATE SEQUENCE invoice_numbers;' },
    {
      sql: 'CREATE SEQUENCE slots AS integer MAXVALUE 64 CYCLE;',
      note: 'It starts again at its end and is meant to.',
    },
  ],
};
