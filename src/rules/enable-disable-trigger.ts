import { defineRule } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { quoted } from './shared/names.ts';
import { oncePerSection, transactionsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'enable-disable-trigger',
  title: 'Trigger of a table in use switched on or off',
  severity: 'info',
  why: 'ENABLE TRIGGER and DISABLE TRIGGER take a SHARE ROW EXCLUSIVE lock until the transaction ends: reads go on, INSERT, UPDATE and DELETE wait. They wait already while the statement itself waits for transactions that write to the table, and for all of what the same transaction does afterwards.',
  safeAlternative:
    'Set a lock_timeout, and do nothing long in the same transaction. Where a backfill must not fire a trigger, a WHEN condition on a setting of the session (current_setting) needs no lock.',
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { pgls: ['avoidEnableDisableTrigger'], pgfence: ['enable-disable-trigger'] },
  examples: {
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
  },
  statements: {
    *'alter-table'(statement, context) {
      const { section, index } = context;
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'enable-trigger' && action.action !== 'disable-trigger') continue;
        const transaction = transactionsOf(section)[index] ?? 0;
        const { switched, worked } = section.name === 'up' ? transactions(section) : transactions(section);
        // The second one in a transaction finds the lock held.
        if (switched.get(`${transaction} ${context.catalog.key(statement.table)}`) !== undefined) {
          const first = switched.get(`${transaction} ${context.catalog.key(statement.table)}`);
          if (first !== index) continue;
        }
        const works = (worked.get(transaction) ?? -1) > index;
        if (!works && (context.timeouts.lock ?? 0) > 0) continue;
        yield {
          span: action.span,
          message: `Writes to ${quoted(statement.table)} wait ${works ? 'until the rows that the same transaction changes afterwards are done' : 'as long as this waits for its lock, which nothing limits'}.`,
        };
        return;
      }
    },
  },
});

const transactions = oncePerSection(() => ({
  switched: new Map<string, number>(),
  worked: new Map<number, number>(),
}));
