import type { Configuration } from '../configuration/configuration.ts';
import type { Result } from '../report/result.ts';

/** Paths relative to the repository root. */
export interface Change {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/** What the Action asks of the validator: one call, one result document. */
export interface ValidationRequest {
  /** Folder that holds the repository's files. */
  readonly root: string;
  readonly configuration: Configuration;
  /** Undefined: every migration counts as part of the change. */
  readonly change?: Change | undefined;
  /** Text of a file before the change; undefined where it did not exist. */
  readonly contentAtBase?: ((path: string) => Promise<string | undefined>) | undefined;
}

export type ValidateProject = (request: ValidationRequest) => Promise<Result>;
