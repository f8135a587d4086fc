import type { Execution } from '../rules/rule.ts';
import type { Statement } from '../sql/statement.ts';
import { enclosed, milliseconds } from './execution.ts';

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

  constructor(execution: Execution, statements: readonly Statement[]) {
    this.#runnerTransaction = execution.transaction;
    this.#enclosed = enclosed(statements);
    this.#initial = { lock: execution.lockTimeout, statement: execution.statementTimeout };
    this.#session = { ...this.#initial };
  }

  get inTransaction(): boolean {
    return this.#runnerTransaction || this.#open || this.#enclosed;
  }

  get timeouts(): Readonly<Timeouts> {
    return { lock: this.#local.lock ?? this.#session.lock, statement: this.#local.statement ?? this.#session.statement };
  }

  after(statement: Statement): void {
    if (statement.kind === 'transaction') {
      if (statement.command === 'begin') this.#open = true;
      else if (statement.command === 'commit' || statement.command === 'rollback' || statement.command === 'prepare') {
        this.#open = false;
        this.#local = {};
      }
    } else if (statement.kind === 'set') this.#set(statement);
  }

  #set(statement: Extract<Statement, { kind: 'set' }>): void {
    const names = statement.name === 'all' ? (['lock', 'statement'] as const) : statement.name === 'lock_timeout' ? (['lock'] as const) : statement.name === 'statement_timeout' ? (['statement'] as const) : [];
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
