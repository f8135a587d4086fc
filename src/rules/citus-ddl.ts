import { LOCK_STRENGTH, locksTaken } from '../sql/locks.ts';
import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { CITUS_FUNCTIONS, tablesTakenOver } from './shared/extension-tables.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'citus-ddl',
  title: 'Schema change of a distributed table',
  severity: 'info',
  why: 'Citus runs a schema change of a distributed or reference table on every shard of every worker, in one distributed transaction. The locks on all shards are held until the slowest of them is done, and one worker that cannot be reached makes all of it fail.',
  safeAlternative:
    'One such change a migration, with a lock_timeout, while all workers are up; CREATE INDEX CONCURRENTLY for indexes.',
  sections: ['up'],
  knownAs: { migrationpilot: ['MP107'] },
  change: (context) => {
    const problems: PlacedProblem[] = [];
    const distributed = tablesTakenOver(context, CITUS_FUNCTIONS, undefined);
    if (distributed.size === 0) return problems;
    for (const migration of context.changed) {
      for (const { statement } of statementsOf(migration.up)) {
        const locked = locksTaken(statement).find(
          ({ relation, mode }) =>
            LOCK_STRENGTH[mode] >= LOCK_STRENGTH.SHARE &&
            distributed.get(context.after.key(relation))?.changed === false,
        );
        if (locked)
          problems.push({
            migration,
            section: 'up',
            span: statement.span,
            message: `${quoted(locked.relation)} is distributed by Citus: this is done on every shard, and the locks on all of them are held until the slowest is done.`,
          });
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        "CREATE TABLE events (tenant_id bigint NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));\nSELECT create_distributed_table('events', 'tenant_id');",
      ],
      sql: 'ALTER TABLE events ADD COLUMN note text;',
      note: 'Needs the extension Citus.',
    },
  ],
  good: [
    {
      history: [
        "CREATE TABLE events (tenant_id bigint NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));\nSELECT create_distributed_table('events', 'tenant_id');",
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_events_id ON events (id);',
      noTransaction: true,
    },
    {
      sql: "CREATE TABLE events (tenant_id bigint NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));\nSELECT create_distributed_table('events', 'tenant_id');\nALTER TABLE events ADD COLUMN note text;",
    },
  ],
};
