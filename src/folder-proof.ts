import type { Chain, Proof } from './report/proof-result.ts';
import type { IgnoreInForce, NotAnalysedEntry, Result } from './report/result.ts';
import type { IgnorePolicy } from './validation/apply-suppressions.ts';
import type { Raised } from './validation/raised.ts';
import type { ValidationSettings } from './validation/settings.ts';
import type { Validation } from './validator.ts';

/** Runs what of a folder is under review in a shadow database. */
export interface ProveFolder {
  (
    validation: Validation,
    settings: ValidationSettings,
    policy: IgnorePolicy,
  ): Promise<FolderProof | NoProof>;
  /** It is going to be called, for a target of this major version where that is known. */
  expect?(target: number | undefined): Promise<void>;
}

/** What running the migrations of a folder in a shadow database made of what was found without running them. */
export interface FolderProof {
  /** All findings that stand, the static ones among them. */
  readonly raised: readonly Raised[];
  readonly refuted: Result['refuted'];
  readonly proofs: readonly Proof[];
  readonly chain?: Chain | undefined;
  readonly shadow?: Result['shadow'];
  readonly ignores: readonly IgnoreInForce[];
  readonly notAnalysed: readonly NotAnalysedEntry[];
}

/** There is no shadow database to prove anything in. */
interface NoProof {
  readonly because: string;
  readonly next: string;
}
