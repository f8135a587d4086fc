/** A row by its columns; every value as the server writes it, so that all drivers say the same. */
export type Row = Readonly<Record<string, string | null>>;

/** What one statement gave back. */
export interface Ran {
  /** The command tag without its number: "CREATE TABLE", "INSERT". */
  readonly command: string;
  /** Rows changed, or returned, where the server says it. */
  readonly count?: number | undefined;
  readonly rows: readonly Row[];
}

export interface ServerVersion {
  /** "18.6". */
  readonly text: string;
  readonly major: number;
}

/** One session on a PostgreSQL server: the executor and the proof see nothing else of a driver. */
export interface Connection {
  readonly server: ServerVersion;
  /** Process that the server named when the session began; a pooler names one that does not exist. */
  readonly processId?: number | undefined;
  /** The server said with its last answer that no transaction is open. Undefined: nobody knows. */
  readonly idle?: boolean | undefined;
  /**
   * Runs one statement by the simple protocol, as a file's text is run (protocol-flow of the documentation).
   *
   * @throws DatabaseError when the server refuses it; ConnectionLost when there is no answer any more
   */
  run(sql: string): Promise<Ran>;
  /** Airlock's own SQL, with values apart from it. Throws what `run` throws. */
  query(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** The fields of an error that a server sends (protocol-error-fields of the documentation). */
export interface DatabaseErrorFields {
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Characters into the statement, from 1. */
  readonly position?: number | undefined;
  readonly where?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
}

/** The server refused a statement. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly fields: DatabaseErrorFields;

  constructor(fields: DatabaseErrorFields, options?: ErrorOptions) {
    super(fields.message, options);
    this.fields = fields;
  }
}

/** Why a session answers no more: it took too long or too much memory, ended itself, or answers what was not asked. */
export type LostBecause = 'time' | 'memory' | 'ended' | 'untruthful';

/** There is no answer any more, and whether the last statement was done is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly because: LostBecause;

  constructor(because: LostBecause, message: string, options?: ErrorOptions) {
    super(message, options);
    this.because = because;
  }
}
