import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProgress } from '../../src/engine/server-progress.ts';
import { installedBinaries, type PostgresServer, startPostgres } from '../postgres/server.ts';
import { freshDatabase, session, up } from './engine-room.ts';

/** Runs one file outside of a transaction, and gives what the server said about how far it was. */
async function progressOf(url: string, sql: string): Promise<readonly ServerProgress[]> {
  const told: ServerProgress[] = [];
  const outcome = await up(
    url,
    { '001_long.sql': `-- @no-transaction\n-- UP\n${sql}\n` },
    { onlooking: { progress: ({ id: _, ...progress }) => told.push(progress) } },
  );
  expect(outcome.failed).toBeUndefined();
  return told;
}

const ROWS = `CREATE TABLE t AS SELECT n, repeat('x', 800) AS filling FROM generate_series(1, 3000) n;
CREATE FUNCTION slow(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF n % 100 = 0 THEN PERFORM pg_sleep(0.06); END IF; RETURN n; END $$;`;

const binaries15 = installedBinaries(15);
const SERVERS: readonly { readonly version: string; readonly binaries: string | undefined }[] = [
  { version: '18', binaries: undefined },
  ...(binaries15 === undefined ? [] : [{ version: '15', binaries: binaries15 }]),
];
if (binaries15 === undefined) console.warn('not tested on PostgreSQL 15: it is not installed');

describe.each(SERVERS)('what PostgreSQL $version tells of how far it is', ({ binaries }) => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(binaries);
  });
  afterAll(() => server.stop());

  it('of an index that is built', async () => {
    const fresh = await freshDatabase(server.connectionString);
    const connection = await session(fresh);
    await connection.run(ROWS);
    await connection.close();
    const told = await progressOf(fresh, 'CREATE INDEX CONCURRENTLY i ON t (slow(n));');
    const building = told.filter(({ phase }) => phase === 'building index: scanning table');
    expect(building.length).toBeGreaterThan(1);
    for (const { command, done, of, unit } of building) {
      expect({ command, unit }).toEqual({ command: 'CREATE INDEX CONCURRENTLY', unit: 'blocks' });
      expect(of).toBeGreaterThan(300);
      expect(done).toBeLessThanOrEqual(of ?? 0);
    }
    expect(building.at(-1)?.done).toBeGreaterThan(building[0]?.done ?? 0);
  });

  it('of VACUUM', async () => {
    const fresh = await freshDatabase(server.connectionString);
    const connection = await session(fresh);
    await connection.run(`${ROWS} DELETE FROM t WHERE n % 2 = 0;`);
    await connection.close();
    const told = await progressOf(
      fresh,
      'SET vacuum_cost_delay = 50;\nSET vacuum_cost_limit = 20;\nVACUUM t;',
    );
    const scanning = told.filter(({ phase }) => phase === 'scanning heap');
    expect(scanning.length).toBeGreaterThan(0);
    expect(scanning[0]).toMatchObject({ command: 'VACUUM', unit: 'blocks' });
    expect(scanning[0]?.of).toBeGreaterThan(300);
  });

  it('of COPY', async () => {
    const told = await progressOf(
      await freshDatabase(server.connectionString),
      `COPY (SELECT pg_sleep(0.02) FROM generate_series(1, 100)) TO '/dev/null';`,
    );
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toMatchObject({ command: 'COPY TO', unit: 'rows' });
    expect(told.at(-1)?.done).toBeGreaterThan(told[0]?.done ?? 0);
  });
});
