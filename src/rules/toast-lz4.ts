import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

const LARGE_VALUES: ReadonlySet<string> = new Set(['text', 'json', 'jsonb', 'bytea', 'xml']);

export const rule = defineRule({
  id: 'toast-lz4',
  title: 'Large values compressed with pglz',
  severity: 'off',
  why: 'PostgreSQL 14 to 18 compress large values with pglz unless the column or default_toast_compression says lz4, which compresses and decompresses several times faster. lz4 needs a server that was built with it.',
  safeAlternative:
    "Write COMPRESSION lz4 with the column, or set default_toast_compression = 'lz4' on the server.",
  sections: ['up'],
  reference: 'storage-toast',
  knownAs: { migrationpilot: ['MP077'] },
  migration: ({ migration, text, target }) => {
    const problems: PlacedProblem[] = [];
    if (target.major !== undefined && target.major < 14) return problems;
    for (const { statement, nested } of statementsOf(migration.up)) {
      if (
        statement.kind === 'set' &&
        statement.name === 'default_toast_compression' &&
        statement.value === 'lz4'
      )
        return problems;
      if (statement.kind !== 'create-table' || statement.persistence === 'temporary' || nested) continue;
      const plain = statement.columns.filter(
        ({ type, span }) =>
          type &&
          !type.array &&
          LARGE_VALUES.has(type.name) &&
          !/\bcompression\s/i.test(text.slice(span.start, span.end)),
      );
      const [first] = plain;
      if (first)
        problems.push({
          migration,
          section: 'up',
          span: first.span,
          message: `${plain.map(({ name }) => quoted(name)).join(', ')} of ${quoted(statement.table)}: large values are compressed with pglz here.`,
        });
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [{ sql: 'CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb NOT NULL);' }],
  good: [
    {
      sql: 'CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb COMPRESSION lz4 NOT NULL);',
      note: 'On a server that was built with lz4.',
    },
    { sql: 'CREATE TABLE counters (id bigint PRIMARY KEY, value integer NOT NULL);' },
    {
      sql: 'CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb NOT NULL);',
      target: { major: 13 },
      note: 'PostgreSQL 13 has pglz only.',
    },
  ],
};
