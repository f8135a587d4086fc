import { createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, ConnectionLost, DatabaseError } from '../../src/engine/connection.ts';
import { connectPostgres } from '../../src/engine/postgres-connection.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';

let postgres: PostgresServer;
let session: Connection;
const limits = { longestRequest: 10_000 };

beforeAll(async () => {
  postgres = await startPostgres();
  session = await connectPostgres({ url: postgres.connectionString }, limits);
});
afterAll(async () => {
  await session.close();
  await postgres.stop();
});

describe('a session on a PostgreSQL server', () => {
  it('knows the version of its server', () => {
    expect(session.server.text).toMatch(/^\d+\.\d+/);
    expect(session.server.major).toBe(Number.parseInt(session.server.text, 10));
  });

  it('gives every value as the server writes it', async () => {
    const sql = `SELECT 1 AS i, 2.50 AS n, true AS b, NULL AS z, '{1,2}'::int[] AS a, '{"x":1}'::jsonb AS j, date '2024-02-03' AS d, '\\x01'::bytea AS y`;
    const row = {
      i: '1',
      n: '2.50',
      b: 't',
      z: null,
      a: '{1,2}',
      j: '{"x": 1}',
      d: '2024-02-03',
      y: '\\x01',
    };
    expect((await session.run(sql)).rows).toEqual([row]);
    expect(await session.query(sql)).toEqual([row]);
    expect(
      await session.query(`SELECT $1::int + 1 AS i, $2::text AS t, $3::int[] AS a`, [1, null, [1, 2]]),
    ).toEqual([{ i: '2', t: null, a: '{1,2}' }]);
  });

  it('gives the whole command tag and its number', async () => {
    await session.run('DROP TABLE IF EXISTS t');
    const tags: (readonly [string, number | undefined])[] = [];
    for (const sql of [
      'CREATE TABLE t (i int)',
      'INSERT INTO t VALUES (1), (2)',
      'UPDATE t SET i = i + 1',
      'DELETE FROM t WHERE i = 2',
      'SELECT * FROM t',
      'CREATE TABLE t2 AS SELECT * FROM t',
      'COPY t TO STDOUT',
      'DROP TABLE t, t2',
      '',
    ]) {
      const { command, count } = await session.run(sql);
      tags.push([command, count]);
    }
    expect(tags).toEqual([
      ['CREATE TABLE', undefined],
      ['INSERT', 2],
      ['UPDATE', 2],
      ['DELETE', 1],
      ['SELECT', 1],
      ['SELECT', 1],
      ['COPY', 1],
      ['DROP TABLE', undefined],
      ['', undefined],
    ]);
  });

  it('gives the last of several results', async () => {
    expect(await session.run('SELECT 1 AS a; SELECT 2 AS b, 3 AS c')).toEqual({
      command: 'SELECT',
      count: 1,
      rows: [{ b: '2', c: '3' }],
    });
    expect(await session.run('SELECT 1 AS a; SET search_path = public')).toEqual({
      command: 'SET',
      rows: [],
    });
  });

  it('answers COMMIT of a failed transaction with what the server did', async () => {
    await session.run('BEGIN');
    await refused(session, 'SELECT 1 / 0');
    expect((await session.run('COMMIT')).command).toBe('ROLLBACK');
  });

  it('gives the fields of an error', async () => {
    await session.run('CREATE TABLE e (i int CONSTRAINT positive CHECK (i > 0))');
    const check = await refused(session, 'INSERT INTO e VALUES (-1)');
    expect(check.fields).toMatchObject({
      code: '23514',
      schema: 'public',
      table: 'e',
      constraint: 'positive',
      detail: expect.stringContaining('-1'),
    });
    await session.run('DROP TABLE e');
    const unknown = await refused(session, 'SELECT nothing_like_it');
    expect(unknown.fields).toMatchObject({ code: '42703', position: 8 });
    const raised = await refused(
      session,
      `DO $$ BEGIN RAISE 'no' USING ERRCODE = '57P01', HINT = 'go'; END $$`,
    );
    expect(raised.fields).toMatchObject({
      code: '57P01',
      hint: 'go',
      where: expect.stringContaining('RAISE'),
    });
    // Only what ends the session ends it.
    expect((await session.run('SELECT 1')).command).toBe('SELECT');
  });

  it('refuses to copy from nowhere, and goes on', async () => {
    await session.run('CREATE TABLE c (i int)');
    expect((await refused(session, 'COPY c FROM STDIN')).message).toContain('no input to copy from');
    expect((await session.run('DROP TABLE c')).command).toBe('DROP TABLE');
  });

  it('answers requests in the order they were made', async () => {
    const answers = await Promise.all([
      session.run('SELECT pg_sleep(0.05), 1 AS n'),
      session.query('SELECT $1::int AS n', [2]).then((rows) => ({ rows })),
      session.run('SELECT 3 AS n'),
    ]);
    expect(answers.map(({ rows }) => rows[0]?.['n'])).toEqual(['1', '2', '3']);
  });
});

describe('a session that is lost', () => {
  it('is one that takes longer than a request may, and its socket is closed', async () => {
    const slow = await connectPostgres({ url: postgres.connectionString }, { longestRequest: 300 });
    const start = performance.now();
    await lost(slow.run('SELECT pg_sleep(20)'), 'time');
    expect(performance.now() - start).toBeLessThan(3_000);
    await lost(slow.run('SELECT 1'), 'time');
    await slow.close();
  });

  it('is one that its own statement ends', async () => {
    const doomed = await connectPostgres({ url: postgres.connectionString }, limits);
    const error = await lost(doomed.run('SELECT pg_terminate_backend(pg_backend_pid())'), 'ended');
    expect(error.message).toContain('57P01');
    await lost(doomed.run('SELECT 1'), 'ended');
  });

  it('is one that somebody else ends while it waits for nothing', async () => {
    const doomed = await connectPostgres({ url: postgres.connectionString }, limits);
    const [row] = await doomed.query('SELECT pg_backend_pid() AS pid');
    await session.query('SELECT pg_terminate_backend($1::int, 5000)', [row?.['pid']]);
    await lost(doomed.run('SELECT 1'), 'ended');
  });

  it('is one that sends more than this process can hold', async () => {
    const flood = await connectPostgres({ url: postgres.connectionString }, { longestRequest: 30_000 });
    await lost(flood.run(`SELECT repeat('x', 1000000) FROM generate_series(1, 100000)`), 'memory');
  });

  it('is one that was closed, also in the middle of a statement', async () => {
    const closed = await connectPostgres({ url: postgres.connectionString }, limits);
    const running = lost(closed.run('SELECT pg_sleep(20)'), 'ended');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await closed.close();
    await running;
    await lost(closed.run('SELECT 1'), 'ended');
    await closed.close();
  });
});

describe('a session that cannot be had', () => {
  let silent: Server;
  beforeAll(() => {
    silent = createServer((socket) => socket.destroy());
    return new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise<void>((resolve) => void silent.close(() => resolve())));

  it('says what the server said', async () => {
    const url = new URL(postgres.connectionString);
    url.pathname = '/nowhere';
    const error = await connectPostgres({ url: url.href }, limits).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ fields: { code: '3D000' } });
  });

  it('names the place where nobody answers', async () => {
    const address = silent.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const error = await lost(
      connectPostgres({ host: '127.0.0.1', port, user: 'u', database: 'd', password: 'hidden' }, limits),
      'ended',
    );
    expect(error.message).toContain(`127.0.0.1:${port}`);
    const socket = { host: '/no/such/folder', port: 5432, user: 'u', database: 'd' };
    expect((await lost(connectPostgres(socket, limits), 'ended')).message).toContain(
      '/no/such/folder/.s.PGSQL.5432 (ENOENT)',
    );
  });

  it.each([
    'postgres://user:hun%74er2@127.0.0.1:1/db',
    'postgres://user:hunter2@127.0.0.1:1/db?sslmode=verify-ca',
    'postgres://user:hunter2@127.0.0.1:1/db?sslrootcert=/no/such/hunter2',
    'postgres://user:hunter2/x@127.0.0.1:1/db',
    'postgres://user:12#hunter2@127.0.0.1:1/db',
    'postgres://user:12?hunter2@127.0.0.1:1/db',
    'postgres://user:12/hunter2@127.0.0.1:1/db',
    'postgres://user:hunter2@127.0.0.1:hunter2/db',
    'postgres://user@127.0.0.1:1/db?password=hunter2',
    'hunter2',
  ])('never tells the password: %s', async (url) => {
    const error = await lost(connectPostgres({ url }, limits), 'ended');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/hunter2/);
  });

  it('does not tell the password that the server refused', async () => {
    const url = new URL(postgres.connectionString);
    url.password = 'hunter2-hunter2';
    const error = await connectPostgres({ url: url.href }, limits).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ fields: { code: '28P01' } });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/hunter2/);
  });
});

async function refused(connection: Connection, sql: string): Promise<DatabaseError> {
  const outcome = await connection.run(sql).catch((error: unknown) => error);
  if (outcome instanceof DatabaseError) return outcome;
  throw new Error('was not refused', { cause: outcome });
}

async function lost(request: Promise<unknown>, because: ConnectionLost['because']): Promise<ConnectionLost> {
  const outcome = await request.catch((error: unknown) => error);
  if (!(outcome instanceof ConnectionLost)) throw new Error('was not lost', { cause: outcome });
  expect(outcome.because).toBe(because);
  return outcome;
}
