import { readdirSync } from 'node:fs';
import { PULL_REQUESTS } from './migration-files.ts';

/** Folders of examples/pull-requests, sorted. */
export function pullRequestNames(): string[] {
  const entries = readdirSync(PULL_REQUESTS, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
