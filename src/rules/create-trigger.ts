import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'create-trigger',
  title: 'New trigger on a table in use',
  severity: 'info',
  why: 'CREATE TRIGGER takes a SHARE ROW EXCLUSIVE lock until the transaction ends: reads go on, INSERT, UPDATE and DELETE wait, also while it waits itself for transactions that write to the table. From then on the function runs inside every such statement: what it costs, and an error in it, is theirs.',
  safeAlternative:
    'Set a lock_timeout and keep the transaction short. A statement trigger with transition tables (REFERENCING NEW TABLE AS …) runs once per statement; a WHEN condition keeps a row trigger from rows that do not matter.',
  claims: ['blocks-writes'],
  sections: ['up'],
  reference: 'sql-createtrigger',
  knownAs: { pgls: ['avoidCreateTrigger'], pgfence: ['create-trigger'], migrationpilot: ['MP090'] },
  statements: {
    *'create-trigger'(statement, context) {
      const known = context.catalog.table(statement.table);
      if (context.isNew(statement.table) || known?.kind === 'view' || known?.persistence === 'temporary')
        return;
      const unlimited = (context.timeouts.lock ?? 0) === 0;
      const run = statement.row ? 'row that they write' : 'one of them';
      yield {
        message: `This makes writes to ${quoted(statement.table)} wait until the transaction ends${unlimited ? ', and nothing limits how long it waits for its own lock' : ''}; afterwards ${quoted(statement.function)} runs inside them for every ${run}.`,
      };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, updated_at timestamptz);',
        'CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;',
      ],
      sql: 'CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();',
    },
  ],
  good: [
    {
      history: [
        'CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;',
      ],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, updated_at timestamptz);\nCREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE VIEW order_numbers AS SELECT id FROM orders;',
        'CREATE FUNCTION insert_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO orders (id) VALUES (NEW.id); RETURN NEW; END $$;',
      ],
      sql: 'CREATE TRIGGER order_numbers_insert INSTEAD OF INSERT ON order_numbers FOR EACH ROW EXECUTE FUNCTION insert_order();',
      note: 'A trigger on a view leaves the table alone.',
    },
  ],
};
