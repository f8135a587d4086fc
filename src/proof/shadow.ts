import type { Connection } from '../engine/connection.ts';
import type { Proof } from '../report/proof-result.ts';

/** A throw-away database in which proofs are made. */
export interface Shadow {
  readonly kind: Proof['shadow'];
  /** The session that the change runs in; another one after `restore`. */
  readonly session: Connection;
  /** A second session that looks on, where there can be one. */
  readonly observer?: Connection | undefined;
  /** Throws everything away and begins with what the shadow began with. */
  restore(): Promise<void>;
  /** From now on `restore` comes back to what there is now. Both sessions are others after it. */
  keep(): Promise<void>;
  /** What `restore` comes back to, where that can be written down: a data directory as tar, compressed with zstd. */
  readonly kept?: Uint8Array | undefined;
  close(): Promise<void>;
}
