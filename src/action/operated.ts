import type { Result } from '../report/result.ts';
import type { Inputs } from './inputs.ts';

/** What a command about a database came to. */
export interface Operated {
  readonly result: Result;
  readonly failed: boolean;
  /** One line without markup. */
  readonly title: string;
}

/** The database, as titles name it. */
export function nameOf({ operation }: Inputs): string {
  return operation.environment ?? 'the database';
}
