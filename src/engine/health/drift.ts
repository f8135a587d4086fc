import type { Connection } from '../connection.ts';
import { lookForDrift } from '../drift.ts';
import type { Holder } from '../lease.ts';
import type { SystemTables } from '../system-tables.ts';
import { type Looked, listed } from './looked.ts';

/** Whether the catalog is as the last run left it. */
export async function drift(
  connection: Connection,
  tables: SystemTables,
  holder: Holder | undefined,
): Promise<Omit<Looked, 'name'>> {
  if (holder && !holder.expired && holder.alive !== 'no')
    return { status: 'unknown', message: 'a command is at work here: look again when it is done' };
  const found = await lookForDrift(connection, tables);
  if (found.status === 'unknown')
    return {
      status: 'unknown',
      message: found.because,
      next: 'the next airlock up or down records the catalog anew',
    };
  if (found.status === 'none')
    return {
      status: 'ok',
      message:
        found.since === undefined
          ? 'nothing was run here yet'
          : `the catalog is as the last run left it (${found.since})`,
    };
  const { differences, since } = found;
  return {
    status: 'failed',
    message: `${differences.length} ${differences.length === 1 ? 'thing is' : 'things are'} not as the last run left ${differences.length === 1 ? 'it' : 'them'} (${since})`,
    details: listed(differences),
    next: 'write a migration that says the same, or take the change back by hand',
  };
}
