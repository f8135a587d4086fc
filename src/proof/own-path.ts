import type { Connection, Ran } from '../engine/connection.ts';

/**
 * What Airlock's own queries look names up in. A function or operator of the change in a schema behind pg_catalog
 * would still be taken where its arguments fit better (typeconv-func of the documentation: quote_ident(name) before
 * quote_ident(text)), so no other schema is in it; temporary relations come last, as they are first where they are
 * left out (ddl-schemas, runtime-config-client).
 */
const OWN_PATH = 'pg_catalog, pg_temp';
const SETTING = 'airlock.path';

/** For this transaction only: in one text with the query, and without a transaction block, that is for the query. */
const BEFORE = `SELECT pg_catalog.set_config('${SETTING}', pg_catalog.current_setting('search_path'), true),
  pg_catalog.set_config('search_path', '${OWN_PATH}', true)`;
const AFTER = `SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('${SETTING}'), true)`;

/**
 * Asks a query of Airlock's own in which every name means what PostgreSQL means by it, whatever the change has made or
 * set. In a transaction block the session's search_path is as before afterwards, and still is when the block ends.
 *
 * Throws what `ask` throws.
 *
 * @param ask `query` or `run` of the connection
 */
export async function withOwnPath<Answer extends Ran | readonly unknown[]>(
  connection: Connection,
  ask: (sql: string) => Promise<Answer>,
  query: string,
): Promise<Answer> {
  const answer = await ask(`${BEFORE};\n${query}`);
  await connection.run(AFTER);
  return answer;
}
