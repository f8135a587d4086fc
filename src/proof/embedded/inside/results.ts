import { type PGlite, protocol } from '@electric-sql/pglite';
import type { Reply } from '../protocol.ts';

type BackendMessage = Awaited<ReturnType<PGlite['execProtocol']>>['messages'][number];

/**
 * What the server answered a simple query with, every value as it writes it (protocol-message-formats). At most `most`
 * rows of each statement are kept.
 */
export function results(messages: readonly BackendMessage[], most: number): NonNullable<Reply['ran']> {
  const ran: NonNullable<Reply['ran']> = [];
  let columns: readonly string[] = [];
  let rows: Record<string, string | null>[] = [];
  for (const message of messages) {
    if (message instanceof protocol.messages.RowDescriptionMessage)
      columns = message.fields.map(({ name }) => name);
    else if (message instanceof protocol.messages.DataRowMessage) {
      if (rows.length === most) continue;
      const { fields } = message;
      rows.push(Object.fromEntries(columns.map((name, at) => [name, fields[at] ?? null])));
    } else if (message instanceof protocol.messages.CommandCompleteMessage) {
      const [, command = message.text, count] = /^(.*?)(?: (?:0 )?(\d+))?$/.exec(message.text) ?? [];
      ran.push({ command, ...(count === undefined ? {} : { count: Number(count) }), rows });
      columns = [];
      rows = [];
    }
  }
  return ran;
}
