import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'drop-trigger',
  title: 'DROP TRIGGER locks the table and ends what the trigger did',
  severity: 'info',
  why: 'DROP TRIGGER takes an ACCESS EXCLUSIVE lock on its table until the transaction ends: it waits for running transactions, and every query that comes after waits behind it. Rows written from then on are not checked, filled in or logged by the trigger any more.',
  safeAlternative:
    'Drop it in a migration of its own with a short lock_timeout. To change what a trigger does, replace its function: CREATE OR REPLACE FUNCTION takes no lock on the table.',
  claims: ['blocks-reads'],
  sections: ['up'],
  reference: 'sql-droptrigger',
  knownAs: { pgls: ['banDropTrigger'], pgfence: ['drop-trigger'] },
  statements: {
    *drop(statement, context) {
      const { onTable } = statement;
      if (statement.objectType !== 'trigger' || !onTable || context.isNew(onTable)) return;
      for (const trigger of statement.objects)
        yield {
          message: `Dropping the trigger ${quoted(trigger.name)} keeps everybody off ${quoted(onTable)} until the transaction ends, and rows written afterwards go without it.`,
        };
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, changed_at timestamptz);\nCREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed_at := now(); RETURN NEW; END $$;\nCREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();',
      ],
      sql: 'DROP TRIGGER orders_touch ON orders;',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY, changed_at timestamptz);\nCREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed_at := now(); RETURN NEW; END $$;\nCREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();\nDROP TRIGGER orders_touch ON orders;',
      note: 'The table is new.',
    },
  ],
};
