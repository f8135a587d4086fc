import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Connection, DatabaseError, type Row } from '../../../src/engine/connection.ts';
import { addedModes, blockedBy, modeName, modeOfServer } from '../../../src/proof/observe/lock-conflicts.ts';
import { LOCK_STRENGTH } from '../../../src/sql/locks.ts';
import type { LockMode } from '../../../src/sql/statement.ts';
import { connectTo } from '../../postgres/connection.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { begin, locksOf, observed } from './observed.ts';

let server: PostgresServer;
let session: Connection;
let observer: Connection;
beforeAll(async () => {
  server = await startPostgres();
  session = await connectTo(server.connectionString);
  observer = await connectTo(server.connectionString);
});
beforeEach(() => begin(session));
afterAll(async () => {
  await observer.close();
  await session.close();
  await server.stop();
});

const MODES = Object.keys(LOCK_STRENGTH) as LockMode[];

async function refuses(mode: LockMode): Promise<boolean> {
  try {
    await observer.run(`BEGIN; LOCK TABLE users IN ${mode} MODE NOWAIT`);
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseError);
    return true;
  } finally {
    await observer.run('ROLLBACK');
  }
}

test('modes keep out what the server keeps out', async () => {
  for (const held of MODES) {
    await session.run(`BEGIN; LOCK TABLE users IN ${held} MODE`);
    const out: LockMode[] = [];
    for (const asked of MODES) if (await refuses(asked)) out.push(asked);
    await session.run('ROLLBACK');
    // A mode that is kept out adds nothing to one that is held when all that it keeps out is kept out already.
    const blocks = blockedBy(held);
    expect(blocks.includes('select'), held).toBe(out.includes('ACCESS SHARE'));
    expect(blocks.includes('update'), held).toBe(out.includes('ROW EXCLUSIVE'));
    expect(blocks.includes('ddl'), held).toBe(out.includes('ACCESS EXCLUSIVE'));
    for (const other of MODES) {
      const both = new Set<LockMode>();
      await session.run(`BEGIN; LOCK TABLE users IN ${held} MODE; LOCK TABLE users IN ${other} MODE`);
      for (const asked of MODES) if (await refuses(asked)) both.add(asked);
      await session.run('ROLLBACK');
      expect(addedModes([held], [other]).length > 0, `${held}, then ${other}`).toBe(both.size > out.length);
    }
  }
});

test('modes are named as the server names them', async () => {
  for (const mode of MODES) {
    await session.run(`BEGIN; LOCK TABLE users IN ${mode} MODE`);
    const rows = await session.query(
      `SELECT mode FROM pg_locks WHERE relation = 'users'::regclass AND pid = pg_backend_pid()`,
    );
    await session.run('ROLLBACK');
    expect(rows.map((row) => modeOfServer(String(row['mode'])))).toEqual([mode]);
    expect(rows[0]?.['mode']).toBe(`${modeName(mode)}Lock`);
  }
});

test('a second session tells what it is refused while the transaction is open', async () => {
  const { statements } = await observed(
    session,
    `CREATE INDEX ON users (team); CREATE TABLE mine (team int REFERENCES teams); ALTER TABLE events ADD COLUMN a int;
     ANALYZE empty`,
    { observer },
  );
  expect(statements.map(({ locks }) => locks.map(({ relation, refused }) => [relation, refused]))).toEqual([
    [['public.users', ['write']]],
    [['public.teams', ['write']]],
    [
      ['public.events', ['select', 'select for update', 'write']],
      ['public.events_1', ['select', 'select for update', 'write']],
    ],
    [['public.empty', []]],
  ]);
});

test('a statement in transactions of its own is seen by a second session while it runs', async () => {
  await session.run(`INSERT INTO users SELECT g, g, 'x', 1 FROM generate_series(200, 300000) g`);
  const { result, statements } = await observed(
    session,
    'CREATE INDEX CONCURRENTLY i ON users (team); REINDEX INDEX i; VACUUM FULL users',
    { transaction: false, observer },
  );
  expect(result.status).toBe('done');
  expect(statements.map(locksOf)).toEqual([
    ['users ShareUpdateExclusive sampled'],
    ['users Share sampled'],
    ['users AccessExclusive sampled'],
  ]);
});

test('nothing of looking stays behind in the second session', async () => {
  await observed(session, 'ALTER TABLE users ADD COLUMN a int', { observer });
  const rows = await session.query(
    `SELECT state FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'`,
  );
  expect(rows.map((row) => row['state'])).toEqual(['idle']);
});

/** As PGlite is after COPY … PROGRAM, and as a chamber may be that somebody broke out of. */
function lying(answer: (text: string) => readonly Row[]): Connection {
  let broken = false;
  return {
    ...session,
    async run(sql) {
      if (sql === 'SELECT 2') broken = true;
      const ran = await session.run(sql);
      const text = ran.rows[0]?.['seen'];
      return broken && text != null ? { ...ran, rows: answer(text) } : ran;
    },
  };
}

test.each([
  ['nothing', () => []],
  ['no JSON', () => [{ seen: 'fine' }]],
  ['something else', () => [{ seen: '{"nonce": "1"}' }]],
  [
    'what was asked before',
    (text: string) => [{ seen: text.replace(/"nonce" : "[0-9a-f]{24}"/, '"nonce" : "0123"') }],
  ],
])('a session that answers %s is not believed any more', async (_, answer) => {
  const { result, statements } = await observed(lying(answer), 'SELECT 1; SELECT 2; SELECT 3');
  expect(result).toMatchObject({ status: 'lost', lost: { because: 'untruthful' } });
  expect(statements.map(({ text }) => text)).toEqual(['SELECT 1', 'SELECT 2']);
});

test('a session that tells the truth is believed', async () => {
  const { result } = await observed(
    lying((text) => [{ seen: text }]),
    'SELECT 1; SELECT 2; SELECT 3',
  );
  expect(result.status).toBe('done');
});

test('a session that refuses to be looked at is not believed any more', async () => {
  await session.run(`CREATE ROLE nobody_here`);
  const { result } = await observed(
    session,
    'REVOKE SELECT ON pg_catalog.pg_locks FROM PUBLIC; SET ROLE nobody_here; SELECT 1',
  );
  await session.run('ROLLBACK');
  await session.run('DROP ROLE nobody_here');
  expect(result).toMatchObject({ status: 'lost', lost: { because: 'untruthful' } });
});
