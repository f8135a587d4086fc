import type * as z from 'zod/mini';
import { type Connection, ConnectionLost, DatabaseError } from '../../engine/connection.ts';
import { withOwnPath } from '../own-path.ts';

/**
 * Asks for one JSON text and reads it; nothing of the change can stand before what the query names.
 *
 * @throws ConnectionLost `untruthful` when something else is answered, or nothing
 */
export async function ask<Schema extends z.ZodMiniType>(
  connection: Connection,
  query: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const [row, ...more] = await rowsOf(connection, query);
  const text = row?.['seen'];
  if (text == null || more.length > 0) throw untruthful('It answered nothing where one row was due.');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw untruthful('Its answer is no JSON.', cause);
  }
  const read = schema.safeParse(json);
  if (!read.success) throw untruthful('Its answer is not of the form that was asked for.', read.error);
  return read.data;
}

export function untruthful(what: string, cause?: unknown): ConnectionLost {
  return new ConnectionLost(
    'untruthful',
    `The shadow database does not tell the truth any more. ${what}`,
    cause === undefined ? undefined : { cause },
  );
}

async function rowsOf(connection: Connection, query: string): ReturnType<Connection['query']> {
  try {
    return (await withOwnPath(connection, (sql) => connection.run(sql), query)).rows;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw untruthful(`It refused to be looked at: ${error.message}`, error);
  }
}
