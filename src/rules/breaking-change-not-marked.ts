import type { ObjectType } from '../sql/statement.ts';
import { defineRule, type Problem, type RuleExamples, type StatementContext } from './rule.ts';
import { isOwn } from './shared/in-use.ts';
import { columnMadeHere, isNewType } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';

const BREAKING: ReadonlySet<ObjectType> = new Set(['table', 'view', 'materialized-view', 'type', 'domain']);

export const rule = defineRule({
  id: 'breaking-change-not-marked',
  title: 'Breaking change that the metadata calls none',
  severity: 'warning',
  aside: true,
  why: 'Code that runs during and after the deployment fails when a table, column or type that it names is gone. The metadata says breakingChange: false, and reviewers and approvals go by that.',
  safeAlternative: 'Write "breakingChange": true, or keep the old name until no code uses it.',
  sections: ['up'],
  dialects: ['postgres', 'mysql'],
  statements: {
    *drop(statement, context) {
      if (!isDenied(context) || !BREAKING.has(statement.objectType)) return;
      const type = statement.objectType === 'type' || statement.objectType === 'domain';
      const gone = statement.objects.filter((object) =>
        type ? !isNewType(context, object) : !isOwn(object, context),
      );
      if (gone.length > 0)
        yield problem(`${gone.map(quoted).join(', ')} ${gone.length === 1 ? 'is' : 'are'} dropped`);
    },
    *rename(statement, context) {
      if (!isDenied(context)) return;
      const { objectType, relation, from } = statement;
      if (
        objectType === 'column'
          ? !relation || isOwn(relation, context) || columnMadeHere(context, relation, from)
          : !BREAKING.has(objectType)
      )
        return;
      if (
        objectType !== 'column' &&
        (relation ? isOwn(relation, context) : isNewType(context, { schema: statement.schema, name: from }))
      )
        return;
      yield problem(`${quoted(from)} gets another name`);
    },
    *'alter-table'(statement, context) {
      if (!isDenied(context) || isOwn(statement.table, context)) return;
      for (const action of statement.actions) {
        if (action.action === 'drop-column' && !columnMadeHere(context, statement.table, action.column))
          yield {
            ...problem(`${quoted(action.column)} of ${quoted(statement.table)} is dropped`),
            span: action.span,
          };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, nick text);'],
      sql: 'ALTER TABLE users DROP COLUMN nick;',
      metadata: { breakingChange: false },
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, nick text);'],
      sql: 'ALTER TABLE users RENAME COLUMN nick TO handle;',
      metadata: { breakingChange: false },
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'DROP TABLE users;',
      metadata: { breakingChange: false },
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, nick text);'],
      sql: 'ALTER TABLE users DROP COLUMN nick;',
      metadata: { breakingChange: true },
    },
    { sql: 'CREATE TABLE scratch (id bigint);\nDROP TABLE scratch;', metadata: { breakingChange: false } },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, nick text);'],
      sql: 'ALTER TABLE users DROP COLUMN nick;',
      note: 'Without metadata nothing wrong is said.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'ALTER TABLE users ADD COLUMN nick text;',
      metadata: { breakingChange: false },
    },
  ],
};

function isDenied({ migration }: StatementContext): boolean {
  return migration.migration.metadata?.breakingChange === false;
}

function problem(what: string): Problem {
  return { message: `${what}, and the metadata says that this is no breaking change.` };
}
