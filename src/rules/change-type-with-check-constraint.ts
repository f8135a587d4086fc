import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { judgedTypeChange } from './shared/judged-type-change.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'change-type-with-check-constraint',
  title: 'Type change of a column that a CHECK constraint stands on',
  severity: 'warning',
  why: 'ALTER COLUMN TYPE builds the CHECK constraints of the column anew and checks every row against them under an ACCESS EXCLUSIVE lock, also where the new type alone would have cost nothing.',
  safeAlternative:
    'Drop the CHECK, change the type, add the CHECK again with NOT VALID (all of that in one transaction), and validate it in a later migration.',
  claims: ['scans', 'rewrites'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { strong_migrations: ['change_column_constraint'] },
  statements: {
    *'alter-table'(statement, context) {
      const constraints = [...(context.catalog.table(statement.table)?.constraints.values() ?? [])];
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'alter-type') continue;
        // A rewrite reads every row anyway: change-column-type speaks of that.
        if (judgedTypeChange(action, statement, context).change === 'rewrite') continue;
        const checks = constraints.filter(
          (each) =>
            each.type === 'check' && each.validated && each.enforced && each.columns.includes(action.column),
        );
        const [first] = checks;
        if (!first) continue;
        const size = context.size(statement.table);
        yield {
          span: action.span,
          message: `Changing the type of ${quoted(action.column)} checks every row of ${quoted(statement.table)}${sizeNote(size)} against ${checks.map(({ name }) => quoted(name)).join(', ')} while nobody can read or write the table.`,
          advice: `In one transaction: ALTER TABLE ${qualified(statement.table)} DROP CONSTRAINT ${identifier(first.name)}; change the type; ADD CONSTRAINT ${identifier(first.name)} CHECK … NOT VALID. Validate it in a later migration.`,
          severity: severityFor(size),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50) CONSTRAINT users_name_present CHECK (name <> ''));",
      ],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(100);',
      note: 'Widening a varchar is free; this CHECK is not.',
    },
  ],
  good: [
    {
      history: [
        "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50) CONSTRAINT users_name_present CHECK (name <> ''));",
      ],
      sql: "ALTER TABLE users DROP CONSTRAINT users_name_present;\nALTER TABLE users ALTER COLUMN name TYPE varchar(100);\nALTER TABLE users ADD CONSTRAINT users_name_present CHECK (name <> '') NOT VALID;",
    },
    {
      history: [
        "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));\nALTER TABLE users ADD CONSTRAINT users_name_present CHECK (name <> '') NOT VALID;",
      ],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(100);',
      note: 'A CHECK that was never validated stays so, and nothing is read.',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50), age integer CHECK (age > 0));'],
      sql: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(100);',
    },
  ],
};
