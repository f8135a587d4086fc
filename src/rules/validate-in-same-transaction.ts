import type { StatementOf } from '../sql/statement.ts';
import { defineRule, type Fix, type RuleExamples, type StatementContext } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { fileWords, isUsedLater, removal } from './shared/moves.ts';
import { identifier, qualified, quoted } from './shared/names.ts';
import { oncePerSection, sameTransaction, statementsOf } from './shared/section-memo.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'validate-in-same-transaction',
  title: 'NOT VALID and VALIDATE CONSTRAINT in one transaction',
  severity: 'error',
  why: 'The lock of ADD CONSTRAINT … NOT VALID (ACCESS EXCLUSIVE for a CHECK, SHARE ROW EXCLUSIVE on both tables for a foreign key) is kept until the transaction ends. VALIDATE CONSTRAINT in the same transaction therefore reads the table under that lock, and NOT VALID has gained nothing.',
  safeAlternative: 'Put VALIDATE CONSTRAINT into a later migration, which has a transaction of its own.',
  claims: ['scans'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: {
    squawk: ['constraint-missing-not-valid'],
    pgls: ['requireSeparateConstraintValidation'],
    pgfence: ['not-valid-validate-same-tx'],
    strong_migrations: ['validate_foreign_key', 'validate_check_constraint'],
  },
  statements: {
    *'alter-table'(statement, context) {
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'validate-constraint') continue;
        const added = notValidIn(context.section).get(
          `${context.catalog.key(statement.table)}.${action.constraint}`,
        );
        if (
          added === undefined ||
          added > context.index ||
          !sameTransaction(context.section, added, context.index)
        )
          continue;
        const size = context.size(statement.table);
        const fix = fixFor(statement, action.constraint, context);
        yield {
          span: action.span,
          message: `Validating ${quoted(action.constraint)} reads all of ${quoted(statement.table)}${sizeNote(size)} under the lock that adding it took in the same transaction.`,
          advice: `Move ALTER TABLE ${qualified(statement.table)} VALIDATE CONSTRAINT ${identifier(action.constraint)}; to a later migration.`,
          severity: severityFor(size),
          ...(fix ? { fix } : {}),
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT orders_total_positive;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0) NOT VALID, VALIDATE CONSTRAINT orders_total_positive;',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0) NOT VALID;',
      then: ['ALTER TABLE orders VALIDATE CONSTRAINT orders_total_positive;'],
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);'],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT orders_total_positive;',
      noTransaction: true,
      note: 'Outside a transaction each statement lets go of its locks.',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);\nALTER TABLE orders ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT positive;',
    },
  ],
};

/** Where in the section a constraint, by table and name, was added NOT VALID. */
const notValidIn = oncePerSection((section) => {
  const added = new Map<string, number>();
  for (const { statement, index } of statementsOf(section)) {
    if (statement.kind !== 'alter-table') continue;
    for (const action of statement.actions) {
      if (
        action.action !== 'add-constraint' ||
        !action.constraint.notValid ||
        action.constraint.name === undefined
      )
        continue;
      added.set(
        `${statement.table.schema ?? 'public'}.${statement.table.name}.${action.constraint.name}`,
        index,
      );
    }
  }
  return added;
});

function fixFor(
  statement: StatementOf<'alter-table'>,
  constraint: string,
  context: StatementContext,
): Fix | undefined {
  // What comes later may rely on the validation, or drop the constraint again.
  if (context.nested || statement.actions.length !== 1 || isUsedLater(statement.table.name, context))
    return undefined;
  return {
    title: 'Validate in a migration of its own',
    edits: [removal(statement, context.text)],
    newMigrations: [
      {
        name: fileWords('validate', constraint),
        up: `ALTER TABLE ${qualified(statement.table)} VALIDATE CONSTRAINT ${identifier(constraint)};`,
        noTransaction: false,
      },
    ],
  };
}
