import { createHash } from 'node:crypto';
import { checksum as checksumOf } from './checksum.ts';
import type { Migration } from './migration.ts';

/** A migration with the checksum of the file that holds its up. */
export interface SealedMigration {
  readonly migration: Migration;
  /** 64 hex digits. */
  readonly checksum: string;
}

/** The exact ordered list of migrations that one command would run on one database. */
export interface Plan {
  readonly direction: 'up' | 'down';
  readonly migrations: readonly SealedMigration[];
  /** 64 hex digits; see planDigest. */
  readonly digest: string;
}

/** What the digest of a plan is made of. */
export interface PlannedText {
  readonly id: string;
  readonly checksum: string;
  /** Checksums of the down and the VERIFY, where they stand in files of their own. */
  readonly beside: readonly string[];
}

export function planOf(direction: Plan['direction'], migrations: readonly SealedMigration[]): Plan {
  return { direction, migrations, digest: planDigest(direction, migrations.map(textOf)) };
}

export function textOf({ migration: { id, up, down, verify }, checksum }: SealedMigration): PlannedText {
  const beside = new Map(
    [down, verify].flatMap((section) =>
      section && section.file.path !== up.file.path ? [[section.file.path, section.file.text]] : [],
    ),
  );
  return { id, checksum, beside: [...beside.values()].map(checksumOf) };
}

function told({ id, checksum, beside }: PlannedText): readonly string[] {
  return [id, checksum, ...beside];
}

/**
 * SHA-256 over what a plan runs and in which order, and over what takes it back: another file, another text or
 * another order makes another digest. The environment is no part of it: whoever approves a plan names the environment beside the digest.
 */
export function planDigest(direction: Plan['direction'], planned: readonly PlannedText[]): string {
  return createHash('sha256')
    .update(JSON.stringify([1, direction, planned.map(told)]), 'utf8')
    .digest('hex');
}

/** How many of the first of them make the plan that has this digest; undefined where no such number does. */
export function lengthOfPlan(
  direction: Plan['direction'],
  migrations: readonly SealedMigration[],
  digest: string,
): number | undefined {
  // The text of planDigest, of which each longer plan only adds to the end.
  const running = createHash('sha256').update(`[1,${JSON.stringify(direction)},[`, 'utf8');
  for (const [at, each] of migrations.entries()) {
    running.update(`${at > 0 ? ',' : ''}${JSON.stringify(told(textOf(each)))}`, 'utf8');
    if (running.copy().update(']]').digest('hex') === digest) return at + 1;
  }
  return undefined;
}
