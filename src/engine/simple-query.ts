import type { Connection, Submittable } from 'pg';
import type { Ran, Row } from './connection.ts';

interface Received {
  command: string;
  count?: number;
  readonly rows: Row[];
}

/**
 * One text by the simple protocol (protocol-flow of the documentation), as pg takes queries that know how to send
 * themselves: pg's own keep the first word of the command tag only, and here the whole of it is wanted.
 */
export class SimpleQuery implements Submittable {
  /** One for each statement of the text. Rejects with what pg gave. */
  readonly results: Promise<readonly Ran[]>;
  readonly #text: string;
  readonly #done: Received[] = [];
  #columns: readonly string[] = [];
  #rows: Row[] = [];
  #resolve: (results: readonly Ran[]) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(text: string) {
    this.#text = text;
    this.results = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    connection.query(this.#text);
  }

  handleRowDescription({ fields }: { readonly fields: readonly { readonly name: string }[] }): void {
    this.#columns = fields.map(({ name }) => name);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    // Not Object.fromEntries: a history of thousands of rows is read at every start.
    const row: Record<string, string | null> = {};
    for (const [at, name] of this.#columns.entries()) {
      if (name === '__proto__')
        Object.defineProperty(row, name, { value: fields[at] ?? null, enumerable: true });
      else row[name] = fields[at] ?? null;
    }
    this.#rows.push(row);
  }

  /** INSERT has an oid, which is always 0, before its count (protocol-message-formats, CommandComplete). */
  handleCommandComplete({ text }: { readonly text: string }): void {
    const [, command = text, count] = /^(.*?)(?:(?: \d+)? (\d+))?$/.exec(text) ?? [];
    this.#done.push({
      command,
      ...(count === undefined ? {} : { count: Number(count) }),
      rows: this.#rows,
    });
    this.#rows = [];
  }

  handleEmptyQuery(): void {
    this.#done.push({ command: '', rows: [] });
  }

  /** Nobody has the data of a COPY … FROM STDIN: a file's text holds statements only. */
  handleCopyInResponse(connection: Connection & { sendCopyFail(message: string): void }): void {
    connection.sendCopyFail('there is no input to copy from');
  }

  handleCopyData(): void {
    // What COPY … TO STDOUT sends is not kept.
  }

  handleError(error: unknown): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#done);
  }
}
