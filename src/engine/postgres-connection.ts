import { Socket } from 'node:net';
import { Client, type ClientConfig, type CustomTypesConfig, DatabaseError as ServerError } from 'pg';
import {
  type Connection,
  ConnectionLost,
  DatabaseError,
  type DatabaseErrorFields,
  type Ran,
  type Row,
  type ServerVersion,
} from './connection.ts';
import { connectableUrl } from './postgres-url.ts';
import { SimpleQuery } from './simple-query.ts';

export type PostgresTarget =
  | { readonly url: string }
  | {
      /** A name, an IP address, or the folder of a Unix socket. */
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly database: string;
      readonly password?: string | undefined;
    };

export interface PostgresLimits {
  /** Wall time of one request, in milliseconds: the socket is closed then, whatever the server does. */
  readonly longestRequest: number;
}

/** Milliseconds until a session stands. */
const CONNECTING = 15_000;
/** Bytes in answer to one request: a SELECT of everything must not take the memory of this process. */
const MOST_BYTES = 256 * 1024 * 1024;
/** How often the bytes are looked at, in milliseconds. */
const WATCH = 50;

/** Every value as the server writes it. */
const TEXTS: CustomTypesConfig = { getTypeParser: () => (value: string) => value };

/**
 * Opens a session on a PostgreSQL server. Nothing that it throws holds the password.
 *
 * @throws DatabaseError when the server refuses the session; ConnectionLost when nobody answers or the address cannot be read
 */
export async function connectPostgres(target: PostgresTarget, limits: PostgresLimits): Promise<Connection> {
  const session = new PostgresSession(target, limits);
  await session.open();
  return session;
}

class PostgresSession implements Connection {
  server: ServerVersion = { text: '', major: 0 };
  processId: number | undefined;
  readonly #socket = new Socket();
  readonly #client: Client;
  readonly #limits: PostgresLimits;
  #lost: ConnectionLost | undefined;
  /** Rejects what is being waited for. */
  #abandon: ((lost: ConnectionLost) => void) | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(target: PostgresTarget, limits: PostgresLimits) {
    this.#limits = limits;
    this.#client = clientOf(target, this.#socket);
    // Without a listener a server that ends an idle session would end this process.
    this.#client.on('error', (error) => this.#lose(ended(error)));
    this.#client.on('end', () => this.#lose(new ConnectionLost('ended', 'The server ended the session.')));
  }

  async open(): Promise<void> {
    const { host, port } = this.#client;
    const place = host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`;
    try {
      await this.#client.connect();
    } catch (cause) {
      const said = refusal(cause);
      const lost = unreachable(place, cause);
      this.#lose(lost);
      throw said ? new DatabaseError(said) : lost;
    }
    this.processId = 'processID' in this.#client ? Number(this.#client.processID) : undefined;
    const [row] = await this.query('SHOW server_version');
    // Distributions write their own name behind it.
    const [text = ''] = (row?.['server_version'] ?? '').split(' ');
    this.server = { text, major: Number.parseInt(text, 10) };
  }

  get idle(): boolean {
    return this.#client.getTransactionStatus() === 'I';
  }

  run(sql: string): Promise<Ran> {
    return this.#ask(async () => {
      const query = this.#client.query(new SimpleQuery(sql));
      return (await query.results).at(-1) ?? { command: '', rows: [] };
    });
  }

  async query(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    if (values.length === 0) return (await this.run(sql)).rows;
    return this.#ask(async () => {
      const { rows } = await this.#client.query<Row>({ text: sql, values: [...values], types: TEXTS });
      return rows;
    });
  }

  async close(): Promise<void> {
    const closed = new ConnectionLost('ended', 'The session was closed.');
    if (this.#lost) return;
    if (this.#abandon) {
      // A statement is under way: the server would answer a good-bye only after it.
      this.#lose(closed);
      return;
    }
    this.#lost = closed;
    await this.#client.end();
  }

  /** One request after another: a session has one answer at a time. */
  #ask<T>(request: () => Promise<T>): Promise<T> {
    const asked = this.#last.then(() => this.#within(request));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async #within<T>(request: () => Promise<T>): Promise<T> {
    if (this.#lost) throw this.#lost;
    const { longestRequest } = this.#limits;
    const before = this.#socket.bytesRead;
    const timer = setTimeout(
      () =>
        this.#lose(
          new ConnectionLost('time', `The server did not answer within ${longestRequest / 1000} s.`),
        ),
      longestRequest,
    );
    const watch = setInterval(() => {
      if (this.#socket.bytesRead - before > MOST_BYTES)
        this.#lose(
          new ConnectionLost(
            'memory',
            `The server sent more than ${MOST_BYTES / 1024 / 1024} MB in answer to one statement.`,
          ),
        );
    }, WATCH);
    try {
      const abandoned = new Promise<never>((_, reject) => {
        this.#abandon = reject;
      });
      return await Promise.race([request(), abandoned]);
    } catch (error) {
      throw this.#judged(error);
    } finally {
      this.#abandon = undefined;
      clearTimeout(timer);
      clearInterval(watch);
    }
  }

  #judged(error: unknown): DatabaseError | ConnectionLost {
    if (error instanceof ConnectionLost) return error;
    const said = refusal(error);
    if (said && !endsSession(error)) return new DatabaseError(said);
    const lost = this.#lost ?? ended(error);
    this.#lose(lost);
    return lost;
  }

  #lose(lost: ConnectionLost): void {
    if (this.#lost) return;
    this.#lost = lost;
    this.#socket.destroy();
    this.#abandon?.(lost);
  }
}

/** Everything that pg would take from environment variables of this process when it is left out is said. */
function clientOf(target: PostgresTarget, socket: Socket): Client {
  const common = {
    stream: () => socket,
    application_name: 'airlock',
    connectionTimeoutMillis: CONNECTING,
  } satisfies ClientConfig;
  if (!('url' in target)) return new Client({ ...common, ...target, ssl: false, options: ' ' });
  const connectionString = connectableUrl(target.url);
  if (connectionString === undefined)
    throw new ConnectionLost(
      'ended',
      'The address of the database cannot be read; write postgres://user:password@host:port/database, with special characters of the password percent-encoded (# is %23, @ is %40, / is %2F).',
    );
  try {
    return new Client({ ...common, connectionString });
  } catch {
    // Without a cause: what pg could not read may stand in it.
    throw new ConnectionLost(
      'ended',
      'The address of the database cannot be used: look at sslmode, sslrootcert (which sslmode=verify-ca needs), sslcert and sslkey, whose files have to be readable.',
    );
  }
}

function unreachable(place: string, cause: unknown): ConnectionLost {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const why = code ?? (cause instanceof Error ? cause.message : 'no answer');
  return new ConnectionLost('ended', `PostgreSQL cannot be reached at ${place} (${why}).`, { cause });
}

function ended(cause: unknown): ConnectionLost {
  const said = refusal(cause);
  const why = said ? `: ${said.message} (${said.code})` : '';
  return new ConnectionLost('ended', `The server ended the session${why}.`, { cause });
}

/** FATAL and PANIC; where the severity is translated, the codes that a server ends sessions with (errcodes-appendix). */
function endsSession(error: unknown): boolean {
  if (!(error instanceof ServerError)) return true;
  if (error.severity === 'FATAL' || error.severity === 'PANIC') return true;
  return error.severity !== 'ERROR' && /^(?:57P0[1-5]|25P0[34]|08)/.test(error.code ?? '');
}

/** What the server said, or undefined where it was not the server. */
function refusal(error: unknown): DatabaseErrorFields | undefined {
  if (!(error instanceof ServerError)) return undefined;
  const { code, message, detail, hint, where, schema, table, column, constraint } = error;
  const position = Number(error.position);
  return {
    code: code ?? 'XX000',
    message,
    detail,
    hint,
    ...(Number.isInteger(position) && position > 0 ? { position } : {}),
    where,
    schema,
    table,
    column,
    constraint,
  };
}
