import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/engine/audit-log.ts';
import { systemTables } from '../../src/engine/system-tables.ts';
import { installedBinaries, type PostgresServer, startPostgres } from '../postgres/server.ts';
import { column, type Files, freshDatabase, session } from './engine-room.ts';
import { start } from './processes.ts';

const PROCESSES = 8;
const ROUNDS = 50;

/** Each leaves a row that it would leave twice if it ran twice; every third runs outside of a transaction. */
const files: Files = Object.fromEntries(
  Array.from({ length: ROUNDS }, (_, at) => {
    const id = String(at + 1).padStart(3, '0');
    const make = at === 0 ? 'CREATE TABLE done (id int);\n' : '';
    const index = at > 0 && at % 3 === 0 ? `CREATE INDEX CONCURRENTLY done_${id} ON done (id);\n` : '';
    return [`${id}_step.sql`, `-- UP\n${make}INSERT INTO done VALUES (${at + 1});\n${index}`];
  }),
);
const ids = Object.keys(files).map((name) => name.slice(0, 3));

describe.each([18, 15])('eight processes that race on one database of PostgreSQL %i', (major) => {
  const installed = major === 18 ? undefined : installedBinaries(major);
  let postgres: PostgresServer | undefined;
  beforeAll(async () => {
    if (major === 18 || installed) postgres = await startPostgres(installed);
  });
  afterAll(() => postgres?.stop());

  it('in each of fifty rounds run its migration once, from the very first moment', async ({ skip }) => {
    if (!postgres) return skip(`PostgreSQL ${major} is not installed on this machine`);
    const url = await freshDatabase(postgres.connectionString);
    const settings = { leasePatience: 60_000 };
    const all = await Promise.all(
      Array.from({ length: PROCESSES }, () => start({ url, files, rounds: true, settings })),
    );
    const winners = new Set<number>();
    for (const id of ids) {
      // All at the same moment: none has begun the round before all have ended the one before.
      const told = await Promise.all(all.map((each) => each.next()));
      expect(
        told.flatMap(({ applied }) => applied),
        `round ${id}`,
      ).toEqual([id]);
      expect(told.flatMap(({ failed }) => failed ?? [])).toEqual([]);
      winners.add(told.findIndex(({ applied }) => applied.length > 0));
    }
    // It is a race, and no procession.
    expect(winners.size).toBeGreaterThan(2);
    for (const each of all) each.over();
    for (const { errors, signal } of await Promise.all(all.map(({ ended }) => ended))) {
      expect(errors).toBe('');
      expect(signal).toBeNull();
    }
    expect(await column(url, 'SELECT id FROM done ORDER BY id')).toEqual(ids.map((id) => String(Number(id))));
    expect(
      await column(
        url,
        `SELECT concat_ws(' ', migration_id, status, statements_done = statements_total) FROM _migration_history ORDER BY id`,
      ),
    ).toEqual(ids.map((id) => `${id} applied t`));
    expect(
      await column(url, `SELECT migration_id FROM _migration_audit_log WHERE action = 'up' ORDER BY id`),
    ).toEqual(ids);
    expect(await column(url, `SELECT count(*) FROM _migration_versions`)).toEqual(['1']);
    expect(await column(url, `SELECT count(*) FROM _migration_locks`)).toEqual(['0']);
    expect(await column(url, 'SELECT 1 FROM pg_index WHERE NOT indisvalid')).toEqual([]);
    const connection = await session(url);
    expect(await verifyAudit(connection, systemTables('public'), undefined)).toMatchObject({ whole: true });
    await connection.close();
  }, 300_000);
});
