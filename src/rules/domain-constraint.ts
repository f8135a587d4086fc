import { defineRule, type RuleExamples } from './rule.ts';
import { isNewType } from './shared/made-here.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'domain-constraint',
  title: 'Constraint on a domain',
  severity: 'warning',
  why: 'ALTER DOMAIN … ADD CONSTRAINT and SET NOT NULL read every table that has a column of the domain, under a SHARE lock on each: writes to all of them wait until the last one was read and the transaction ends. Columns of such a domain cannot be added to a table without a rewrite either.',
  safeAlternative:
    'A CHECK constraint on the table, NOT VALID first and validated in a later migration. On a domain that is in use, ADD CONSTRAINT … NOT VALID reads nothing; it holds for new values only.',
  claims: ['scans', 'blocks-writes'],
  sections: ['up'],
  reference: 'sql-alterdomain',
  knownAs: {
    squawk: ['ban-alter-domain-with-add-constraint', 'ban-create-domain-with-constraint'],
    pgfence: ['ban-alter-domain-add-constraint', 'ban-create-domain-with-constraint'],
    migrationpilot: ['MP043'],
  },
  statements: {
    *'create-domain'(statement) {
      if (statement.constraints.length === 0) return;
      yield {
        severity: 'info',
        // It speaks of what comes later.
        claims: [],
        message: `${quoted(statement.domain)} carries a constraint: adding a column of it to a table later rewrites that table, and changing the constraint reads every table that uses it.`,
      };
    },
    *'alter-domain'(statement, context) {
      if (
        statement.change !== 'set-not-null' &&
        (statement.change !== 'add-constraint' || statement.constraint?.notValid)
      )
        return;
      if (isNewType(context, statement.domain)) return;
      const tables = [
        ...new Set(context.catalog.columnsOfType(statement.domain).map(({ table }) => quoted(table))),
      ];
      const known = context.catalog.type(statement.domain) !== undefined && !context.catalog.incomplete;
      const read =
        tables.length === 0
          ? 'every table that has a column of it'
          : `${tables.slice(0, 5).join(', ')}${tables.length > 5 ? ` and ${tables.length - 5} more tables` : ''}`;
      yield {
        severity: tables.length === 0 && known ? 'info' : undefined,
        message: `This change of ${quoted(statement.domain)} reads ${read} from end to end, and nobody can write there meanwhile.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE DOMAIN email AS text;\nCREATE TABLE users (id bigint PRIMARY KEY, address email);'],
      sql: "ALTER DOMAIN email ADD CONSTRAINT email_at CHECK (VALUE LIKE '%@%');",
    },
    {
      sql: "CREATE DOMAIN email AS text CONSTRAINT email_at CHECK (VALUE LIKE '%@%');",
      note: 'Information only: nothing uses the domain yet.',
    },
  ],
  good: [
    {
      history: ['CREATE DOMAIN email AS text;\nCREATE TABLE users (id bigint PRIMARY KEY, address email);'],
      sql: "ALTER DOMAIN email ADD CONSTRAINT email_at CHECK (VALUE LIKE '%@%') NOT VALID;",
    },
    { sql: 'CREATE DOMAIN email AS text;' },
    {
      sql: "CREATE DOMAIN email AS text;\nALTER DOMAIN email ADD CONSTRAINT email_at CHECK (VALUE LIKE '%@%');",
      note: 'The domain is new.',
    },
  ],
};
