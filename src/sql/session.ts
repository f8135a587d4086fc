import type { Statement } from './statement.ts';

/** What whoever runs a file does before it: opens a transaction, sets timeouts (milliseconds). */
export interface SessionStart {
  readonly transaction: boolean;
  readonly lockTimeout?: number | undefined;
  readonly statementTimeout?: number | undefined;
}

interface Timeouts {
  lock?: number | undefined;
  statement?: number | undefined;
}

/** Follows what a file does to its session: transactions it opens, timeouts it sets (sql-set of the documentation). */
export class SessionState {
  readonly #runnerTransaction: boolean;
  readonly #enclosed: boolean;
  readonly #initial: Timeouts;
  #open = false;
  #session: Timeouts;
  #local: Timeouts = {};
  #timeouts: Timeouts | undefined;

  constructor(execution: SessionStart, statements: readonly Statement[]) {
    this.#runnerTransaction = execution.transaction;
    this.#enclosed = enclosed(statements);
    this.#initial = { lock: execution.lockTimeout, statement: execution.statementTimeout };
    this.#session = { ...this.#initial };
  }

  get inTransaction(): boolean {
    return this.#runnerTransaction || this.#open || this.#enclosed;
  }

  /** The same object until something changes: a long file asks for each of its statements. */
  get timeouts(): Readonly<Timeouts> {
    this.#timeouts ??= {
      lock: this.#local.lock ?? this.#session.lock,
      statement: this.#local.statement ?? this.#session.statement,
    };
    return this.#timeouts;
  }

  after(statement: Statement): void {
    if (statement.kind === 'transaction' || statement.kind === 'set') this.#timeouts = undefined;
    if (statement.kind === 'transaction') {
      if (statement.command === 'begin') this.#open = true;
      else if (
        statement.command === 'commit' ||
        statement.command === 'rollback' ||
        statement.command === 'prepare'
      ) {
        this.#open = false;
        this.#local = {};
      }
    } else if (statement.kind === 'set') this.#set(statement);
  }

  #set(statement: Extract<Statement, { kind: 'set' }>): void {
    const names =
      statement.name === 'all'
        ? (['lock', 'statement'] as const)
        : statement.name === 'lock_timeout'
          ? (['lock'] as const)
          : statement.name === 'statement_timeout'
            ? (['statement'] as const)
            : [];
    for (const name of names) {
      if (statement.reset) {
        // RESET goes back to the session's start, which knows nothing of what the runner set by SET.
        this.#session = { ...this.#session, [name]: undefined };
        this.#local = { ...this.#local, [name]: undefined };
        continue;
      }
      const value = statement.value === undefined ? undefined : milliseconds(statement.value);
      if (statement.local && this.inTransaction) this.#local = { ...this.#local, [name]: value };
      else if (!statement.local) {
        this.#session = { ...this.#session, [name]: value };
        this.#local = { ...this.#local, [name]: undefined };
      }
    }
  }
}

/** BEGIN … COMMIT around everything: Airlock takes it off and opens the transaction itself. */
export function enclosed(statements: readonly Statement[]): boolean {
  const [first, ...rest] = statements;
  const last = rest.pop();
  if (
    first?.kind !== 'transaction' ||
    first.command !== 'begin' ||
    last?.kind !== 'transaction' ||
    last.command !== 'commit'
  )
    return false;
  return rest.every(
    (statement) =>
      statement.kind !== 'transaction' ||
      statement.command === 'savepoint' ||
      statement.command === 'release' ||
      statement.command === 'rollback-to',
  );
}

const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A timeout as PostgreSQL writes it (config-setting): a bare number is milliseconds. */
export function milliseconds(value: string): number | undefined {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit ?? 'ms'] ?? 1);
}
