import type { StatementOf } from '../statement.ts';
import type { Journal } from './journal.ts';

const DEFAULT: readonly string[] = ['public'];

/**
 * The schemas in which names without one are looked up (ddl-schemas-path of the documentation). `"$user"`
 * is left out: a schema named like the role is made by hand, if at all.
 */
export class SearchPath {
  readonly #set: Map<'session' | 'local', readonly string[]>;

  constructor(from?: SearchPath) {
    this.#set = new Map(from ? from.#set : []);
  }

  get schemas(): readonly string[] {
    return this.#set.get('local') ?? this.#set.get('session') ?? DEFAULT;
  }

  apply(statement: StatementOf<'set'>, journal: Journal): void {
    if (statement.name !== 'search_path' && !(statement.name === 'all' && statement.reset)) return;
    if (statement.reset) {
      journal.delete(this.#set, 'session');
      journal.delete(this.#set, 'local');
      return;
    }
    if (statement.value === undefined) return;
    const schemas = statement.value
      .split(',')
      .map((schema) => schema.trim().replace(/^"(.*)"$/, '$1'))
      .filter((schema) => schema !== '' && schema !== '$user' && schema !== 'pg_catalog');
    if (!statement.local) journal.delete(this.#set, 'local');
    journal.set(this.#set, statement.local ? 'local' : 'session', schemas);
  }

  /** SET LOCAL lasts until the transaction ends. */
  endTransaction(): void {
    this.#set.delete('local');
  }
}
