import type { Span } from '../source.ts';
import type { StatementFacts } from '../statement.ts';

/** Facts of a statement, or of a part of one that counts as a statement of its own. */
export interface Made {
  readonly facts: StatementFacts;
  /** Of the part; the whole statement when it is missing. */
  readonly span?: Span | undefined;
}
