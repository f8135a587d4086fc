import type { Span } from './source.ts';
import type { Statement } from './statement.ts';

/** What the parser made of one piece of a file. */
export interface ParsedSql {
  readonly statements: readonly Statement[];
  readonly errors: readonly SyntaxProblem[];
  readonly notAnalysed: readonly NotAnalysed[];
}

export interface SyntaxProblem {
  readonly message: string;
  /** The token at which the parser stopped. */
  readonly span: Span;
  /** The whole statement. */
  readonly statement: Span;
}

export interface NotAnalysed {
  readonly span: Span;
  readonly reason: string;
}
