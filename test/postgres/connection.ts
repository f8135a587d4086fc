import pg from 'pg';
import { type Connection, ConnectionLost, DatabaseError } from '../../src/engine/connection.ts';

/** A session on a real server, every value as the server writes it. */
export async function connectTo(connectionString: string): Promise<Connection> {
  const client = new pg.Client({
    connectionString,
    types: { getTypeParser: () => (value: string) => value },
  });
  await client.connect();
  const version = String((await client.query('SHOW server_version')).rows[0]?.server_version);
  return {
    server: { text: version, major: Number.parseInt(version, 10) },
    async run(sql) {
      const result = await answered(client.query(sql));
      const last = Array.isArray(result) ? result.at(-1) : result;
      return { command: last?.command ?? '', count: last?.rowCount ?? undefined, rows: last?.rows ?? [] };
    },
    async query(sql, values = []) {
      return (await answered(client.query(sql, [...values]))).rows;
    },
    close: () => client.end(),
  };
}

async function answered<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError))
      throw new ConnectionLost('ended', 'The server answers no more.', { cause });
    throw new DatabaseError({ code: cause.code ?? '', message: cause.message }, { cause });
  }
}
