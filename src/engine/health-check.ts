import type { HealthCheck } from '../configuration/configuration.ts';
import { type Connection, ConnectionLost, DatabaseError } from './connection.ts';

/** Why the application is not well, or undefined: an address that answers as it should in time, or a query that succeeds. */
export async function askHealth(check: HealthCheck, connection: Connection): Promise<string | undefined> {
  if (check.url !== undefined) return askAddress(check.url, check);
  if (check.sql === undefined) return undefined;
  try {
    await connection.run(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.round(check.timeout)}`);
    await connection.run(check.sql);
    await connection.run('ROLLBACK');
    return undefined;
  } catch (error) {
    if (error instanceof ConnectionLost) return `the health check was not answered: ${error.message}`;
    if (!(error instanceof DatabaseError)) throw error;
    await connection.run('ROLLBACK');
    return `the health check failed: ${error.fields.message} (${error.fields.code})`;
  }
}

async function askAddress(url: string, { status, timeout }: HealthCheck): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeout), redirect: 'manual' });
    await answer.body?.cancel();
    return answer.status === status
      ? undefined
      : `the health check was answered with ${answer.status}, and ${status} is well.`;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // fetch says "fetch failed"; why is in its cause.
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    return `the health check was not answered: ${why}.`;
  }
}
