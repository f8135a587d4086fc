import { defineRule, type RuleExamples } from './rule.ts';
import { isNewType } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';
import { oncePerSection, statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'drop-type',
  title: 'Type or domain dropped',
  severity: 'warning',
  why: 'DROP TYPE and DROP DOMAIN fail while a column or function uses the type; with CASCADE those columns are dropped with their values. Queries of running code that cast to the type fail from then on.',
  safeAlternative:
    'Change every column to another type first, take casts to the type out of running code, then drop it without CASCADE.',
  sections: ['up'],
  reference: 'sql-droptype',
  knownAs: { migrationpilot: ['MP024'] },
  statements: {
    *drop(statement, context) {
      if (statement.objectType !== 'type' && statement.objectType !== 'domain') return;
      for (const type of statement.objects) {
        if (isNewType(context, type)) continue;
        const known = context.catalog.type(type);
        const columns = context.catalog
          .columnsOfType(type)
          .map(({ table, column }) => quoted(`${table}.${column}`));
        const [first] = columns;
        // The name that the type was given in this file to get out of the way: no running code uses it.
        if (first === undefined && renamedHere(context.section).has(type.name)) continue;
        if (first === undefined) {
          yield {
            span: type.span,
            message:
              known && !context.catalog.incomplete
                ? `No column known here has the type ${quoted(type)}; functions and casts in running code that use it fail.`
                : `What uses the type ${quoted(type)} is not known here: the statement fails while a column has it, and casts in running code fail after it.`,
            severity: known && !context.catalog.incomplete ? 'info' : undefined,
          };
        } else {
          const used = columns.length === 1 ? first : `${first} and ${columns.length - 1} more`;
          yield {
            span: type.span,
            message: statement.cascade
              ? `Dropping ${quoted(type)} drops ${used} with all values.`
              : `Dropping ${quoted(type)} fails: ${used} has that type.`,
            ...(statement.cascade ? {} : { claims: ['fails'] }),
          };
        }
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TYPE mood AS ENUM ('glad', 'sad');\nCREATE TABLE people (id bigint PRIMARY KEY, mood mood);",
      ],
      sql: 'DROP TYPE mood CASCADE;',
    },
    {
      history: [
        'CREATE DOMAIN email_address AS text;\nCREATE TABLE people (id bigint PRIMARY KEY, email email_address);',
      ],
      sql: 'DROP DOMAIN email_address;',
      note: 'Fails while a column has the type.',
    },
  ],
  good: [
    {
      sql: "CREATE TYPE mood AS ENUM ('glad', 'sad');\nDROP TYPE mood;",
      note: 'The same migration made it.',
    },
    {
      sql: "CREATE TYPE mood AS ENUM ('glad', 'sad');",
      down: 'DROP TYPE mood;',
      note: 'A down takes back what its up made.',
    },
    {
      history: [
        "CREATE TYPE mood AS ENUM ('glad', 'sad');\nCREATE TABLE notes (id bigint PRIMARY KEY, mood mood);",
      ],
      sql: "CREATE TYPE mood_new AS ENUM ('glad');\nALTER TABLE notes ALTER COLUMN mood TYPE mood_new USING mood::text::mood_new;\nALTER TYPE mood RENAME TO mood_old;\nALTER TYPE mood_new RENAME TO mood;\nDROP TYPE mood_old;",
      note: 'Under that name nobody uses it.',
    },
  ],
};

/** Names that a section gives to types. */
const renamedHere = oncePerSection((section) => {
  const names = new Set<string>();
  for (const { statement } of statementsOf(section))
    if (statement.kind === 'rename' && statement.objectType === 'type') names.add(statement.to);
  return names;
});
