import type { SealedMigration } from '../migration/plan.ts';
import { check } from './checks.ts';
import { insert, whoColumns } from './ledger.ts';
import type { Run } from './run.ts';

/** Records migrations as there without running them, all of them or none. `from`: the tool that ran them. */
export async function recordBaseline(
  run: Run,
  migrations: readonly SealedMigration[],
  from?: { readonly tool: string; readonly table: string } | undefined,
): Promise<void> {
  const rows = migrations.map(({ migration: { id, name, metadata }, checksum }) =>
    insert(run.tables.history, {
      migration_id: id,
      name,
      checksum,
      status: 'baselined',
      duration_ms: 0,
      ...whoColumns(run.who),
      transactional: true,
      dependencies: metadata?.dependencies ?? [],
    }),
  );
  await run.audit.together(
    run.sessions.keeper,
    {
      action: from ? 'adopt' : 'baseline',
      details: { ...from, migrations: migrations.map(({ migration }) => migration.id) },
    },
    `${check('lease-lost', run.lease.condition)}${rows.join('')}`,
  );
}
