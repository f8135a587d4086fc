import { type ChangeContext, defineRule, type Fix, type PlacedProblem, type RuleExamples } from './rule.ts';
import { type KeylessTable, keylessTables } from './shared/keyless-tables.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'unique-not-null-instead-of-pk',
  title: 'UNIQUE and NOT NULL in place of a primary key',
  severity: 'info',
  why: 'UNIQUE NOT NULL columns tell the rows apart, but PostgreSQL does not take them for the table’s identity: logical replication refuses UPDATE and DELETE of a published table until REPLICA IDENTITY USING INDEX is set, REFERENCES without columns does not find them, and a later DROP NOT NULL takes the promise back.',
  safeAlternative: 'PRIMARY KEY in place of UNIQUE NOT NULL; it holds both.',
  sections: ['up'],
  reference: 'ddl-constraints',
  knownAs: { 'pg-migration-lint': ['PGM503'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    for (const keyless of keylessTables(context)) {
      const { table, migration, made, substitute } = keyless;
      if (!substitute) continue;
      const columns = substitute.columns.map(({ column }) => column ?? '');
      problems.push({
        migration,
        section: 'up',
        span: made?.statement.table.span,
        message: `${columns.map((column) => quoted(column)).join(', ')} of ${quoted(table)} ${columns.length === 1 ? 'is' : 'are'} unique and NOT NULL, but the table has no primary key.`,
        advice: `PRIMARY KEY (${columns.join(', ')}) in place of UNIQUE.`,
        fix: fixOf(keyless, context),
      });
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    { sql: 'CREATE TABLE countries (code text NOT NULL UNIQUE, name text);' },
    {
      sql: 'CREATE TABLE order_lines (order_id bigint NOT NULL, line integer NOT NULL, UNIQUE (order_id, line));',
    },
    {
      sql: 'CREATE TABLE countries (code text NOT NULL, name text);\nCREATE UNIQUE INDEX countries_code ON countries (code);',
    },
  ],
  good: [
    { sql: 'CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL UNIQUE);' },
    {
      sql: 'CREATE TABLE countries (code text UNIQUE, name text);',
      note: 'The column may be NULL: it is no key (require-primary-key says so).',
    },
    {
      sql: 'CREATE TABLE countries (code text NOT NULL, name text);\nCREATE UNIQUE INDEX countries_code ON countries (code);\nALTER TABLE countries ADD CONSTRAINT countries_pkey PRIMARY KEY USING INDEX countries_code;',
    },
  ],
};

/** UNIQUE becomes PRIMARY KEY where it stands in CREATE TABLE and nothing knows the name that the server gave it. */
function fixOf(
  { table, migration, made, substitute }: KeylessTable,
  context: ChangeContext,
): Fix | undefined {
  if (!made || made.nested || made.statement.kind !== 'create-table') return undefined;
  const { columns, constraints } = made.statement;
  const unique = [...columns.flatMap((column) => column.constraints), ...constraints].filter(
    ({ type }) => type === 'unique',
  );
  const [only] = unique;
  const name = substitute?.constraint;
  if (!only || unique.length > 1 || only.deferrable || only.nullsNotDistinct || name === undefined)
    return undefined;
  const wanted = (substitute?.columns ?? []).map(({ column }) => column);
  if (wanted.join() !== only.columns.join()) return undefined;
  if (only.name === undefined && isNamed(name, context)) return undefined;
  const { text } = migration.migration.up.file;
  const match = /^(?:constraint\s+(?:"[^"]+"|\w+)\s+)?unique\b/i.exec(
    text.slice(only.span.start, only.span.end),
  );
  if (!match || table.kind !== 'table') return undefined;
  const end = only.span.start + match[0].length;
  return {
    title: 'Make it the primary key',
    edits: [{ start: end - 'unique'.length, end, text: 'PRIMARY KEY' }],
  };
}

function isNamed(name: string, context: ChangeContext): boolean {
  return context.changed.some(({ migration }) =>
    [migration.up, migration.down, migration.verify].some((section) => section?.file.text.includes(name)),
  );
}
