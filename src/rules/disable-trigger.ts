import type { ObjectName, StatementOf } from '../sql/statement.ts';
import { defineRule, type RuleExamples, type StatementContext } from './rule.ts';
import { qualified, quoted } from './shared/names.ts';
import { oncePerSection, sameTransaction, statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'disable-trigger',
  title: 'All triggers of a table switched off',
  severity: 'error',
  why: 'DISABLE TRIGGER ALL also switches off the triggers that check foreign keys: rows that point nowhere can be written, and ENABLE TRIGGER does not check them afterwards. DISABLE TRIGGER USER leaves those on and switches off all others: audit logs, counters and timestamps miss what every session writes until they are on again. SET session_replication_role = replica does the same as ALL for every table of the session. DISABLE TRIGGER takes a SHARE ROW EXCLUSIVE lock, so writes wait for it.',
  safeAlternative:
    'Name the one trigger that has to rest, and switch it on again in the same transaction. For a load in an order that foreign keys refuse, make them DEFERRABLE and SET CONSTRAINTS ALL DEFERRED.',
  sections: ['up', 'down'],
  reference: 'sql-altertable',
  knownAs: { migrationpilot: ['MP064'], 'pg-migration-lint': ['PGM020'] },
  statements: {
    *'alter-table'(statement, context) {
      for (const action of statement.actions) {
        if (action.action !== 'disable-trigger') continue;
        const { trigger } = action;
        const isCheck = typeof trigger === 'object' && /^RI_ConstraintTrigger/.test(trigger.name);
        if (typeof trigger === 'object' && !isCheck) continue;
        const checksOff = trigger === 'all' || isCheck;
        if (checksOff ? hasNoForeignKeys(statement.table, context) : isUnharmed(statement, context)) continue;
        const table = quoted(statement.table);
        yield {
          span: action.span,
          message: checksOff
            ? `Foreign keys of ${table}, and those that point to it, are not checked while this is in force, nor afterwards for what was written meanwhile.`
            : `No trigger of ${table} runs for what anybody writes from here on.`,
          ...(trigger === 'user'
            ? {
                advice: `Name the trigger that has to rest, and ALTER TABLE ${qualified(statement.table)} ENABLE TRIGGER it in the same transaction.`,
              }
            : {}),
        };
      }
    },
    *set(statement) {
      if (statement.name !== 'session_replication_role' || statement.value?.toLowerCase() !== 'replica')
        return;
      yield {
        message:
          'No trigger and no foreign key check runs for what this session writes from here on, and nothing checks those rows afterwards.',
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);',
      ],
      sql: 'ALTER TABLE orders DISABLE TRIGGER ALL;\nINSERT INTO orders VALUES (1, 4711);\nALTER TABLE orders ENABLE TRIGGER ALL;',
      note: 'The row is never checked, though the triggers come back.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, updated_at timestamptz);'],
      sql: 'ALTER TABLE orders DISABLE TRIGGER USER;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);'],
      sql: 'SET session_replication_role = replica;\nDELETE FROM orders WHERE id = 1;',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, updated_at timestamptz);\nCREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;\nCREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();',
      ],
      sql: 'ALTER TABLE orders DISABLE TRIGGER orders_touch;\nUPDATE orders SET updated_at = NULL WHERE id = 1;\nALTER TABLE orders ENABLE TRIGGER orders_touch;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, updated_at timestamptz);'],
      sql: 'ALTER TABLE orders DISABLE TRIGGER USER;\nUPDATE orders SET updated_at = NULL WHERE id = 1;\nALTER TABLE orders ENABLE TRIGGER USER;',
      note: 'On again in the same transaction: the lock lets nobody else write in between.',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'],
      sql: 'SET session_replication_role = origin;',
    },
  ],
};

/** A new table with which no foreign key has to do. */
function hasNoForeignKeys(table: ObjectName, context: StatementContext): boolean {
  const known = context.catalog.table(table);
  if (!known?.complete || context.catalog.incomplete || !context.isNew(table)) return false;
  return (
    ![...known.constraints.values()].some(({ type }) => type === 'foreign-key') &&
    context.catalog.referencing(table).length === 0
  );
}

function isUnharmed(statement: StatementOf<'alter-table'>, context: StatementContext): boolean {
  if (context.isNew(statement.table)) return true;
  const on = switchedOn(context.section).get(nameKey(statement.table)) ?? -1;
  return on > context.index && sameTransaction(context.section, context.index, on);
}

/** Position of the last statement that switches all of a table's own triggers on. */
const switchedOn = oncePerSection((section) => {
  const last = new Map<string, number>();
  for (const { statement, index } of statementsOf(section)) {
    if (statement.kind !== 'alter-table') continue;
    for (const action of statement.actions)
      if (action.action === 'enable-trigger' && typeof action.trigger === 'string')
        last.set(nameKey(statement.table), index);
  }
  return last;
});

function nameKey(name: ObjectName): string {
  return `${name.schema ?? 'public'}.${name.name}`;
}
