import type { PGlite } from '@electric-sql/pglite';
import { OWNER, SUPERUSER } from './roles.ts';

/**
 * Turns the session into the owner's, for good. PGlite runs PostgreSQL's single-user mode, whose authenticated user
 * is the bootstrap superuser whatever is asked for, and SET SESSION AUTHORIZATION would always lead back to it. So who
 * was authenticated is written over in the server's memory, where four variables of miscinit.c stand together:
 * current, outer and session user, and, two words on, the authenticated one.
 *
 * @throws Error where that did not work: then nothing may run here
 */
export async function becomeOwner(database: PGlite): Promise<void> {
  const { rows } = await database.query<{ oid: string }>(
    `SELECT oid::text FROM pg_catalog.pg_roles WHERE rolname = '${OWNER}' AND NOT rolsuper`,
  );
  const owner = Number(rows[0]?.oid);
  if (!Number.isInteger(owner)) throw new Error(`The data directory has no ordinary role ${OWNER}.`);
  await database.exec(`SET SESSION AUTHORIZATION ${OWNER}`);
  const memory = new Int32Array(database.Module.HEAPU8.buffer, 0, STATIC_WORDS);
  const users = [owner, owner, owner, 0, 0, BOOTSTRAP];
  const found: number[] = [];
  for (let at = memory.indexOf(owner); at !== -1; at = memory.indexOf(owner, at + 1))
    if (users.every((word, offset) => memory[at + offset] === word)) found.push(at);
  const [place] = found;
  if (place === undefined || found.length > 1)
    throw new Error('The session could not be given to an ordinary user.');
  memory[place + users.length - 1] = owner;
  if (!(await refuses(database))) throw new Error('The session could still become a superuser.');
}

/** PostgreSQL's BOOTSTRAP_SUPERUSERID. */
const BOOTSTRAP = 10;
/** The server's own variables stand in the first megabytes of its memory. */
const STATIC_WORDS = (8 * 1024 * 1024) / 4;

async function refuses(database: PGlite): Promise<boolean> {
  try {
    await database.exec(`SET SESSION AUTHORIZATION ${SUPERUSER}`);
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42501') return true;
    throw error;
  }
}
