import {
  type Connection,
  DatabaseError,
  type DatabaseErrorFields,
  type Row,
} from '../../engine/connection.ts';

const SAVEPOINT = 'airlock_populate';

/** A transaction in which what fails leaves no trace. Its functions throw ConnectionLost. */
export interface Trials {
  /** Runs statements as one; gives the server's error where nothing came of them. */
  attempt(...statements: readonly string[]): Promise<DatabaseErrorFields | undefined>;
  /** One query of the same columns for each name, all at once where they may all be asked; those that may not are left out. */
  ask(names: readonly string[], query: (name: string) => string): Promise<readonly Row[]>;
}

/**
 * Opens a transaction, does the work in it and commits.
 *
 * @throws ConnectionLost when there is no answer any more
 */
export async function inTrials<T>(connection: Connection, work: (trials: Trials) => Promise<T>): Promise<T> {
  const tried = async <R>(run: () => Promise<R>): Promise<R | DatabaseErrorFields> => {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      await connection.run(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
      return error.fields;
    }
  };
  await connection.run('BEGIN');
  await connection.run(`SAVEPOINT ${SAVEPOINT}`);
  const result = await work({
    attempt: (...statements) =>
      tried(async () => {
        // Deferred constraints are asked at once: at COMMIT nobody could tell whose rows break them.
        const all = [...statements, 'SET CONSTRAINTS ALL IMMEDIATE', `RELEASE SAVEPOINT ${SAVEPOINT}`];
        await connection.run([...all, `SAVEPOINT ${SAVEPOINT}`].join(';\n'));
        return undefined;
      }),
    ask: async (names, query) => {
      if (names.length === 0) return [];
      const all = await tried(() => connection.query(names.map(query).join(' UNION ALL ')));
      if (isRows(all)) return all;
      const found: Row[] = [];
      for (const name of names) {
        const rows = await tried(() => connection.query(query(name)));
        if (isRows(rows)) found.push(...rows);
      }
      return found;
    },
  });
  await connection.run('COMMIT');
  return result;
}

function isRows(answer: readonly Row[] | DatabaseErrorFields): answer is readonly Row[] {
  return Array.isArray(answer);
}
