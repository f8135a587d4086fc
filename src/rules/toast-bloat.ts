import { defineRule, type RuleExamples } from './rule.ts';
import { dataChecks } from './shared/data-checks.ts';
import { quoted } from './shared/names.ts';
import { count, numberOption, statisticsOf } from './shared/statistics.ts';

const OUT_OF_LINE: ReadonlySet<string> = new Set([
  'text',
  'varchar',
  'json',
  'jsonb',
  'bytea',
  'xml',
  'hstore',
  'tsvector',
]);

export const rule = defineRule({
  id: 'toast-bloat',
  title: 'UPDATE of large values in every row',
  severity: 'off',
  why: 'Values of more than about 2 kB are kept beside the table (TOAST). An UPDATE that assigns such a column stores a second copy of each value; the first stays until VACUUM, and the space does not go back to the operating system.',
  safeAlternative:
    'Update in batches with VACUUM between them, and only rows whose value changes (WHERE column IS DISTINCT FROM …).',
  sections: ['up'],
  reference: 'storage-toast',
  knownAs: { migrationpilot: ['MP075'] },
  options: {
    bytes: { default: 104_857_600, description: 'Bytes beside the table from which on it is reported.' },
  },
  statements: dataChecks({
    *update(statement, context) {
      const figures =
        statement.where === 'present'
          ? undefined
          : statisticsOf(statement.table, context.catalog, context.target);
      if (!figures || (figures.toastBytes ?? 0) < numberOption(context.options, 'bytes', 104_857_600)) return;
      const table = context.catalog.table(statement.table);
      const columns = statement.assigned.filter((column) =>
        OUT_OF_LINE.has(table?.columns.get(column)?.type?.name ?? ''),
      );
      if (columns.length > 0)
        yield {
          message: `This writes ${columns.map(quoted).join(', ')} of every row of ${quoted(statement.table)} a second time; ${count(figures.toastBytes ?? 0)} bytes are kept beside the table now.`,
        };
    },
  }),
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb NOT NULL);'],
      sql: 'UPDATE documents SET body = body || \'{"version": 2}\';',
      target: { tables: { documents: { rows: 400_000, toastBytes: 6_000_000_000 } } },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb NOT NULL, seen boolean);'],
      sql: 'UPDATE documents SET seen = false;',
      target: { tables: { documents: { rows: 400_000, toastBytes: 6_000_000_000 } } },
      note: 'Values that are not assigned are not copied.',
    },
    {
      history: ['CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb NOT NULL);'],
      sql: "UPDATE documents SET body = '{}' WHERE id = 5;",
      target: { tables: { documents: { rows: 400_000, toastBytes: 6_000_000_000 } } },
    },
  ],
};
