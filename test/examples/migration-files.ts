import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');
export const SHOP = join(EXAMPLES, 'shop', 'migrations');
export const PULL_REQUESTS = join(EXAMPLES, 'pull-requests');

export interface ExampleMigration {
  readonly id: string;
  /** Name of the file. */
  readonly file: string;
  readonly transaction: boolean;
  readonly up: string;
  readonly down?: string | undefined;
  readonly verify?: string | undefined;
}

const HEADING = /^-- (UP|DOWN|VERIFY)[ \t]*$/m;

/**
 * The migrations of a folder in order of execution. A reader of its own, so that these tests also show that
 * the files mean what a person takes them to mean, whatever the layout reader makes of them.
 */
export function readMigrations(folder: string): ExampleMigration[] {
  return readdirSync(folder)
    .sort()
    .map((file) => parse(file, readFileSync(join(folder, file), 'utf8')));
}

function parse(file: string, text: string): ExampleMigration {
  const [header = '', ...parts] = text.split(HEADING);
  const sections = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) sections.set(parts[at] ?? '', parts[at + 1] ?? '');
  return {
    id: file.slice(0, file.indexOf('_')),
    file,
    transaction: !/^-- @no-transaction$/m.test(header),
    up: sections.get('UP') ?? '',
    down: sections.get('DOWN'),
    verify: sections.get('VERIFY'),
  };
}
