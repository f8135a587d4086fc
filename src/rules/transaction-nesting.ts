import { enclosed } from '../sql/session.ts';
import type { Statement, StatementOf } from '../sql/statement.ts';
import {
  type CheckedSection,
  defineRule,
  type Fix,
  type MigrationContext,
  type PlacedProblem,
  type Problem,
  type RuleExamples,
} from './rule.ts';
import { removal } from './shared/moves.ts';

export const rule = defineRule({
  id: 'transaction-nesting',
  title: 'Transaction control that does not fit the transaction around it',
  severity: 'error',
  why: "PostgreSQL has no nested transactions: BEGIN inside a transaction only gives a warning, and the first COMMIT ends everything. Under a tool that runs each file in its own transaction, a COMMIT in the file commits that one halfway; what follows, and the tool's own record, is not part of it. COMMIT without BEGIN does nothing at all.",
  safeAlternative:
    'Leave BEGIN and COMMIT to whoever runs the file, or mark the file as non-transactional and control the transactions in it.',
  keepSeverityInDown: true,
  reference: 'sql-begin',
  knownAs: { squawk: ['transaction-nesting'], pgls: ['transactionNesting'] },
  *migration(context) {
    yield* inSection(context.migration.up, context);
    if (context.migration.down) yield* inSection(context.migration.down, context);
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'BEGIN;\nALTER TABLE users ADD COLUMN locale text;\nCOMMIT;',
      runner: 'native',
      note: 'The tool has opened a transaction already.',
    },
    {
      sql: 'BEGIN;\nCREATE TABLE users (id bigint PRIMARY KEY);\nBEGIN;\nCREATE TABLE orders (id bigint PRIMARY KEY);\nCOMMIT;',
      noTransaction: true,
      note: 'BEGIN inside BEGIN.',
    },
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);\nCOMMIT;',
      noTransaction: true,
      note: 'COMMIT without BEGIN.',
    },
    {
      sql: 'BEGIN;\nCREATE TABLE users (id bigint PRIMARY KEY);\nCOMMIT;\nCREATE TABLE orders (id bigint PRIMARY KEY);',
      note: 'Airlock cannot run this file as one transaction.',
    },
    {
      sql: 'DO $$ BEGIN COMMIT; END $$;',
      runner: 'native',
      note: 'COMMIT in a DO block fails inside a transaction.',
    },
  ],
  good: [
    {
      sql: 'BEGIN;\nCREATE TABLE users (id bigint PRIMARY KEY);\nCOMMIT;',
      note: "Airlock's runner takes off a BEGIN and COMMIT that enclose the file.",
    },
    {
      sql: 'BEGIN;\nCREATE TABLE users (id bigint PRIMARY KEY);\nCOMMIT;\nCREATE TABLE orders (id bigint PRIMARY KEY);',
      noTransaction: true,
      note: 'The file says that it is not one transaction.',
    },
    {
      sql: 'SAVEPOINT before_users;\nCREATE TABLE users (id bigint PRIMARY KEY);\nRELEASE SAVEPOINT before_users;',
      runner: 'native',
    },
  ],
};

function* inSection(section: CheckedSection, context: MigrationContext): Generator<PlacedProblem> {
  for (const problem of problems(section, context))
    yield { ...problem, migration: context.migration, section: section.name };
}

function* problems(section: CheckedSection, context: MigrationContext): Generator<Problem> {
  const { execution, sql } = section;
  // Airlock takes such a pair off and opens the transaction itself.
  const takenOff = execution.runner === 'airlock' && enclosed(sql.statements);
  const outer = execution.transaction && execution.implicit !== true;
  const first = sql.statements.find(isControl);
  if (first && execution.runner === 'airlock' && !takenOff && !execution.optsOut && !execution.transaction)
    yield notOne(first, execution.optOut);
  let open = outer;
  for (const statement of sql.statements) {
    if (statement.kind === 'do' && (open || execution.transaction)) yield* insideDo(statement);
    if (takenOff || !isControl(statement)) continue;
    if (statement.command === 'begin') {
      if (open) yield nestedBegin(statement, outer, section, context);
      open = true;
    } else if (outer) {
      // The COMMIT of a BEGIN that was told already.
      if (first?.command === 'begin') continue;
      yield {
        span: statement.span,
        message: `This ${written(statement)} ends the transaction that ${execution.tool} opened around the file: what follows, and its record of the migration, runs outside it.`,
      };
      return;
    } else {
      if (!open)
        yield {
          span: statement.span,
          message: `This ${written(statement)} has no BEGIN: ${execution.implicit === true && sql.statements.length > 1 ? 'it ends the implicit transaction of everything before it in the file' : 'it does nothing'}.`,
        };
      open = false;
    }
  }
}

type Control = StatementOf<'transaction'>;

function isControl(statement: Statement): statement is Control {
  return (
    statement.kind === 'transaction' &&
    (statement.command === 'begin' || statement.command === 'commit' || statement.command === 'rollback')
  );
}

function written(statement: Control): string {
  return statement.command === 'rollback' ? 'ROLLBACK' : 'COMMIT';
}

function notOne(first: Control, optOut: string | undefined): Problem {
  return {
    span: first.span,
    severity: 'warning',
    message:
      'Airlock runs this file outside a transaction, because its transaction control does not simply enclose it: when a statement fails, what was committed before stays.',
    advice: `Remove it, so that the file is one transaction${optOut === undefined ? '' : `; or say that it is none with ${optOut}`}.`,
  };
}

function nestedBegin(
  statement: Control,
  outer: boolean,
  section: CheckedSection,
  context: MigrationContext,
): Problem {
  if (!outer)
    return {
      span: statement.span,
      message:
        'This BEGIN stands inside a transaction that is still open: it does nothing, and the next COMMIT ends both.',
    };
  const { execution, sql } = section;
  const last = sql.statements.at(-1);
  const file =
    section.name === 'down' ? context.migration.migration.down?.file : context.migration.migration.up.file;
  const fix: Fix | undefined =
    last && file && enclosed(sql.statements)
      ? {
          title: 'Leave the transaction to the tool',
          edits: [removal(statement, file.text), removal(last, file.text)],
        }
      : undefined;
  return {
    span: statement.span,
    message: `${execution.tool} has opened a transaction around this file already: this BEGIN does nothing, and the first COMMIT ends that transaction before the migration is recorded.`,
    advice: `Remove BEGIN and COMMIT${execution.optOut === undefined ? '' : `, or opt out of the tool's transaction (${execution.optOut})`}.`,
    ...(fix ? { fix } : {}),
  };
}

function* insideDo(statement: StatementOf<'do'>): Generator<Problem> {
  const control = statement.body.statements.find(isControl);
  if (control)
    yield {
      span: control.span,
      message: `${written(control)} in this DO block fails ("invalid transaction termination"): the block runs inside a transaction.`,
    };
}
