import type { StatementOf } from '../sql/statement.ts';
import { defineRule, type MigrationContext, type PlacedProblem, type RuleExamples } from './rule.ts';
import { dataChecks } from './shared/data-checks.ts';
import { quoted } from './shared/names.ts';
import { copiedFrom, reachOf } from './shared/reach.ts';
import { statementsOf } from './shared/section-memo.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'unbatched-backfill',
  title: 'Many rows changed or copied in one statement',
  severity: 'warning',
  why: 'One statement is one transaction: an UPDATE or DELETE holds the locks of all its rows until the last one is done, other writers of those rows wait, and no VACUUM can clear away what dies anywhere in the database meanwhile. INSERT … SELECT of a whole table holds its snapshot as long. When it fails near the end, everything is lost and dead rows stay behind.',
  safeAlternative:
    'Go through the table by key in batches of some thousand rows, outside the migration or in one that runs outside a transaction, and commit each batch.',
  sections: ['up'],
  secondary: true,
  reference: 'routine-vacuuming',
  knownAs: { gitlab: ['Migration/UpdateLargeTable', 'UpdateColumnInBatches'] },
  statements: dataChecks({
    *insert(statement, context) {
      const [source] = copiedFrom(statement, context);
      const reach = reachOf(statement, context);
      if (!source || (reach !== 'every-row' && reach !== 'many-rows')) return;
      const largest = copiedFrom(statement, context).find(
        (relation) => context.size(relation)?.volume === 'large',
      );
      const size = context.size(largest ?? source);
      yield {
        message: `${reach === 'every-row' ? 'All rows' : 'Rows'} of ${quoted(largest ?? source)}${sizeNote(size)} are copied into ${quoted(statement.table)} in one transaction.`,
        // Nothing is known of the size: a seed copied from a short list looks the same.
        severity: largest ? undefined : 'info',
      };
    },
  }),
  *migration(context) {
    const known = { ...context, catalog: context.before };
    const byTable = new Map<string, Change[]>();
    for (const { statement } of statementsOf(context.migration.up)) {
      if (statement.kind !== 'update' && statement.kind !== 'delete' && statement.kind !== 'merge') continue;
      // Without a WHERE it is update-without-where or delete-without-where.
      if (reachOf(statement, known) !== 'many-rows') continue;
      const key = context.before.key(statement.table);
      const earlier = byTable.get(key);
      if (earlier) earlier.push(statement);
      else byTable.set(key, [statement]);
    }
    for (const [first, ...others] of byTable.values()) if (first) yield problemOf(first, others, context);
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, locale text, plan text);'],
      sql: "WITH filled AS (UPDATE users SET locale = 'en' WHERE locale IS NULL RETURNING id)\nSELECT count(*) FROM filled;",
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, locale text, plan text);'],
      sql: "UPDATE users SET locale = 'en' WHERE locale IS NULL;",
      note: 'A condition on the column that is filled in: all older rows.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, locale text, plan text);'],
      sql: "UPDATE users SET plan = 'free' WHERE plan = 'trial';",
      target: { tables: { 'public.users': { rows: 12_400_000 } } },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, locale text);'],
      sql: "WITH filled AS (UPDATE users SET locale = 'en' WHERE locale IS NULL AND id BETWEEN 1 AND 10000 RETURNING id)\nSELECT count(*) FROM filled;",
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, locale text);'],
      sql: "UPDATE users SET locale = 'en' WHERE locale IS NULL AND id BETWEEN 1 AND 10000;",
    },
    {
      history: ['CREATE TABLE settings (key text PRIMARY KEY, value text);'],
      sql: "UPDATE settings SET value = 'on' WHERE key = 'signup';",
      note: 'One row, by its key.',
    },
    {
      history: ['CREATE TABLE countries (id bigint PRIMARY KEY, region text);'],
      sql: "UPDATE countries SET region = 'none' WHERE region IS NULL;",
      target: { tables: { 'public.countries': { rows: 249 } } },
      note: 'The sizes file says that the table is small.',
    },
    {
      sql: "CREATE TABLE roles (id bigint PRIMARY KEY, label text);\nINSERT INTO roles (id) VALUES (1), (2);\nUPDATE roles SET label = 'none' WHERE label IS NULL;",
      note: 'The table is new.',
    },
  ],
};

type Change = StatementOf<'update' | 'delete' | 'merge'>;

/** The changes of one table are one problem, at the first of them. */
function problemOf(first: Change, others: readonly Change[], context: MigrationContext): PlacedProblem {
  const { table, span } = first;
  const size = context.size(table);
  const more =
    others.length === 0
      ? ''
      : ` (and by ${others.length} more ${others.length === 1 ? 'statement' : 'statements'})`;
  return {
    migration: context.migration,
    section: 'up',
    span,
    message: `The rows of ${quoted(table)}${sizeNote(size)} that match are changed in one transaction${more}, and other writers of those rows wait until it ends.`,
    severity: severityFor(size),
  };
}
