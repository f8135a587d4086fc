import { defineRule, type RuleExamples } from './rule.ts';
import { actionsInUse } from './shared/in-use.ts';
import { quoted } from './shared/names.ts';
import { severityFor, sizeNote } from './shared/size.ts';

export const rule = defineRule({
  id: 'set-logged-unlogged',
  title: 'SET LOGGED or SET UNLOGGED on a table in use',
  severity: 'error',
  why: 'SET LOGGED and SET UNLOGGED write the table and all its indexes anew under ACCESS EXCLUSIVE: nobody can read or write the table meanwhile. SET LOGGED also writes all of it to the WAL, which every replica has to take over. An unlogged table is empty after a crash and does not exist for replicas.',
  safeAlternative:
    'Decide it when the table is made. For a table in use, make a second one, copy in batches and exchange the names.',
  claims: ['rewrites'],
  sections: ['up'],
  reference: 'sql-altertable',
  knownAs: { pgfence: ['set-logged-unlogged'], migrationpilot: ['MP047'] },
  statements: {
    *'alter-table'(statement, context) {
      const known = context.catalog.table(statement.table)?.persistence;
      for (const action of actionsInUse(statement, context)) {
        if (action.action !== 'set-logged' && action.action !== 'set-unlogged') continue;
        const isLogged = action.action === 'set-logged';
        if (known === (isLogged ? 'permanent' : 'unlogged')) continue;
        const size = context.size(statement.table);
        yield {
          span: action.span,
          message: `${isLogged ? 'SET LOGGED' : 'SET UNLOGGED'} writes all of ${quoted(statement.table)}${sizeNote(size)} anew while nobody can read or write it${isLogged ? '' : '; after a crash the table is empty'}.`,
          // What a crash takes away does not depend on the size.
          severity: isLogged ? severityFor(size) : undefined,
        };
      }
    },
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders SET UNLOGGED;',
    },
    {
      history: ['CREATE UNLOGGED TABLE imported_orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE imported_orders SET LOGGED;',
    },
  ],
  good: [
    {
      sql: 'CREATE UNLOGGED TABLE imported_orders (id bigint PRIMARY KEY, note text);\nALTER TABLE imported_orders SET LOGGED;',
    },
    {
      history: ['CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
      sql: 'ALTER TABLE orders SET LOGGED;',
      note: 'It is logged already: nothing is written.',
    },
  ],
};
