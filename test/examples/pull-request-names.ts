import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PULL_REQUESTS } from './migration-files.ts';

/** Folders of examples/pull-requests, sorted. */
export function pullRequestNames(): string[] {
  const entries = readdirSync(PULL_REQUESTS, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Has a twin that does what was wanted without the trouble: what is wrong shows when it runs (proofs.test.ts). */
export function hasTwin(name: string): boolean {
  return existsSync(join(PULL_REQUESTS, name, 'mended'));
}
