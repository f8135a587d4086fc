import { defineRule, type RuleExamples } from './rule.ts';
import { constraintsAddedFromHere, replicaIdentityFromHere } from './shared/made-here.ts';
import { qualified, quoted } from './shared/names.ts';

export const rule = defineRule({
  id: 'drop-primary-key-replica-identity',
  title: 'Primary key dropped while it is the replica identity',
  severity: 'error',
  why: 'A table that says nothing else is identified by its primary key in logical replication. Without the key every UPDATE and DELETE of a table that is published for them fails with "does not have a replica identity and publishes updates" (or deletes); that is the application\'s writes, not only the replica.',
  safeAlternative:
    'Before the key goes, give the table another identity: ALTER TABLE … REPLICA IDENTITY USING INDEX with a unique index on NOT NULL columns, or REPLICA IDENTITY FULL; or add the new primary key in the same transaction.',
  sections: ['up'],
  reference: 'logical-replication-publication',
  knownAs: { migrationpilot: ['MP055'] },
  statements: {
    *'alter-table'(statement, context) {
      if (context.isNew(statement.table)) return;
      const table = context.catalog.table(statement.table);
      if (table?.replicaIdentity !== undefined && table.replicaIdentity !== 'default') return;
      for (const action of statement.actions) {
        if (action.action !== 'drop-constraint') continue;
        const type =
          table?.constraints.get(action.constraint)?.type ??
          (action.constraint === `${statement.table.name}_pkey` ? 'primary-key' : undefined);
        if (type !== 'primary-key') continue;
        if (replicaIdentityFromHere(context, statement.table)) continue;
        if (constraintsAddedFromHere(context, statement.table).some((added) => added.type === 'primary-key'))
          continue;
        const publications = [...context.catalog.publications()];
        const published = publications.length > 0;
        yield {
          span: action.span,
          severity: published ? undefined : 'info',
          message: published
            ? `If ${publications.map(quoted).join(', ')} publishes ${quoted(statement.table)}, every UPDATE and DELETE of it fails once ${quoted(action.constraint)} is gone.`
            : `If ${quoted(statement.table)} is published for logical replication, every UPDATE and DELETE of it fails once ${quoted(action.constraint)} is gone; no publication is known here.`,
          advice: `ALTER TABLE ${qualified(statement.table)} REPLICA IDENTITY FULL; before, or REPLICA IDENTITY USING INDEX with a unique index on NOT NULL columns.`,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, total integer NOT NULL);\nCREATE PUBLICATION all_changes FOR TABLE orders;',
      ],
      sql: 'ALTER TABLE orders DROP CONSTRAINT orders_pkey;',
    },
  ],
  good: [
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, total integer NOT NULL);\nCREATE PUBLICATION all_changes FOR TABLE orders;',
      ],
      sql: 'ALTER TABLE orders REPLICA IDENTITY FULL;\nALTER TABLE orders DROP CONSTRAINT orders_pkey;',
    },
    {
      history: [
        'CREATE TABLE orders (id integer PRIMARY KEY, new_id bigint NOT NULL);\nCREATE UNIQUE INDEX orders_new_id ON orders (new_id);\nCREATE PUBLICATION all_changes FOR TABLE orders;',
      ],
      sql: 'ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_new_id;',
      note: 'Another primary key takes its place.',
    },
    {
      history: [
        'CREATE TABLE orders (id bigint PRIMARY KEY, code text UNIQUE);\nCREATE PUBLICATION all_changes FOR TABLE orders;',
      ],
      sql: 'ALTER TABLE orders DROP CONSTRAINT orders_code_key;',
      note: 'Not the primary key.',
    },
  ],
};
