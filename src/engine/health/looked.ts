import { DatabaseError } from '../connection.ts';

/** What one look at a database came to. `unknown`: it could not be looked at, and why is in the message. */
export interface Looked {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed' | 'unknown';
  /** One sentence without a capital and a full stop. */
  readonly message: string;
  /** One line each. */
  readonly details?: readonly string[] | undefined;
  /** The exact next command. */
  readonly next?: string | undefined;
  /** Failed because history and files say different things. */
  readonly disagrees?: boolean | undefined;
}

/**
 * One look after another; what the server refuses to show makes that look unknown, and no other.
 *
 * @throws ConnectionLost when nobody answers any more
 */
export async function lookAtAll(
  looks: readonly { readonly name: string; look(): Promise<Omit<Looked, 'name'>> }[],
): Promise<readonly Looked[]> {
  const all: Looked[] = [];
  for (const { name, look } of looks) {
    try {
      all.push({ name, ...(await look()) });
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const { message, code } = error.fields;
      if (code === '55P03') {
        all.push({ name, status: 'unknown', message: 'a table is locked: look again when it is free' });
        continue;
      }
      all.push({ name, status: 'unknown', message: `the server does not show it: ${message} (${code})` });
    }
  }
  return all;
}

/** Schemas of people, under the alias `space`. */
export const OF_PEOPLE = `space.nspname !~ '^pg_' AND space.nspname <> 'information_schema'`;

/** Names that are too many are counted. */
const MOST = 20;

export function listed(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST), `… and ${lines.length - MOST} more`];
}
