import type { Log } from '../log.ts';
import { type Connection, ConnectionLost, DatabaseError } from './connection.ts';

let sessions = 0;

/** The same session, with each statement, its time and its answer in the log. Values that stand apart from it are not. */
export function loggedConnection(connection: Connection, log: Log): Connection {
  if (!log.enabled) return connection;
  const session = ++sessions;
  log('session opened', { session, process: connection.processId, server: connection.server.text });
  const logged = async <T>(sql: string, ask: () => Promise<T>, told: (answer: T) => object): Promise<T> => {
    const start = performance.now();
    const ms = (): number => Math.round((performance.now() - start) * 100) / 100;
    try {
      const answer = await ask();
      log('sql', { session, sql, ms: ms(), ...told(answer) });
      return answer;
    } catch (error) {
      if (error instanceof DatabaseError)
        log('sql refused', { session, sql, ms: ms(), code: error.fields.code, error: error.message });
      else if (error instanceof ConnectionLost)
        log('session lost', { session, sql, ms: ms(), because: error.because, error: error.message });
      throw error;
    }
  };
  return {
    get server() {
      return connection.server;
    },
    get processId() {
      return connection.processId;
    },
    get idle() {
      return connection.idle;
    },
    run: (sql) =>
      logged(
        sql,
        () => connection.run(sql),
        ({ command, count }) => ({ command, ...(count === undefined ? {} : { count }) }),
      ),
    query: (sql, values) =>
      logged(
        sql,
        () => connection.query(sql, values),
        (rows) => ({ rows: rows.length }),
      ),
    async close() {
      await connection.close();
      log('session closed', { session });
    },
  };
}
