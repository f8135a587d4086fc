import type { AlterTableAction, ObjectName, Statement } from '../sql/statement.ts';
import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { quoted } from './shared/names.ts';
import { oncePerSection, statementsOf, transactionsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'enable-disable-trigger',
  title: 'Trigger of a table in use switched on or off',
  severity: 'info',
  why: 'ENABLE TRIGGER and DISABLE TRIGGER take a SHARE ROW EXCLUSIVE lock until the transaction ends: reads go on, INSERT, UPDATE and DELETE wait. They wait already while the statement itself waits for transactions that write to the table, and for all of what the same transaction does afterwards.',
  safeAlternative:
    'Set a lock_timeout, and do nothing long in the same transaction. Where a backfill must not fire a trigger, a WHEN condition on a setting of the session (current_setting) needs no lock.',
  claims: ['blocks-writes'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { pgls: ['avoidEnableDisableTrigger'], pgfence: ['enable-disable-trigger'] },
  statements: {
    *'alter-table'(statement, context) {
      const { section, index, catalog } = context;
      const numbers = transactionsOf(section);
      const sameTransaction = (other: number) => numbers[other] === numbers[index];
      for (const action of actionsInUse(statement, context)) {
        if (!switches(action)) continue;
        const table = catalog.key(statement.table);
        const earlier = switchesOf(section).some(
          (other) =>
            other.index < index && sameTransaction(other.index) && catalog.key(other.table) === table,
        );
        // The second one in a transaction finds the lock held.
        if (earlier) return;
        const works = writesOf(section).some((other) => other > index && sameTransaction(other));
        if (!works && (context.timeouts.lock ?? 0) > 0) return;
        yield {
          span: action.span,
          message: `Writes to ${quoted(statement.table)} wait ${works ? 'until the rows that the same transaction changes afterwards are done' : 'as long as this waits for its lock, which nothing limits'}.`,
        };
        return;
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, note text);',
        'CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER orders_audit BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION audit();',
      ],
      sql: "ALTER TABLE orders DISABLE TRIGGER orders_audit;\nUPDATE orders SET note = '' WHERE note IS NULL;\nALTER TABLE orders ENABLE TRIGGER orders_audit;",
      note: 'Writes wait for the whole UPDATE.',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, note text);',
        'CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER orders_audit BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION audit();',
      ],
      sql: 'ALTER TABLE orders DISABLE TRIGGER orders_audit;',
      runner: 'native',
      note: 'Nothing limits how long it waits for its lock.',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, note text);',
        'CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER orders_audit BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION audit();',
      ],
      sql: "SET LOCAL lock_timeout = '2s';\nALTER TABLE orders DISABLE TRIGGER orders_audit;",
      runner: 'native',
    },
    {
      history: ['CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE TRIGGER orders_audit BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION audit();\nALTER TABLE orders DISABLE TRIGGER orders_audit;',
    },
  ],
};

function switches({ action }: AlterTableAction): boolean {
  return action === 'enable-trigger' || action === 'disable-trigger';
}

const switchesOf = oncePerSection((section) => {
  const found: { readonly index: number; readonly table: ObjectName }[] = [];
  for (const [index, statement] of section.sql.statements.entries())
    if (statement.kind === 'alter-table' && statement.actions.some(switches))
      found.push({ index, table: statement.table });
  return found;
});

/** Where rows are written, or may be by a call. */
const writesOf = oncePerSection((section) =>
  [...statementsOf(section)].filter(({ statement }) => WRITES.has(statement.kind)).map(({ index }) => index),
);

const WRITES: ReadonlySet<Statement['kind']> = new Set([
  'insert',
  'update',
  'delete',
  'merge',
  'copy',
  'call',
]);
