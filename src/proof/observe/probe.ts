import { type Connection, DatabaseError } from '../../engine/connection.ts';
import type { ProvenLock } from '../../report/proof-result.ts';
import { identifier } from '../shadow-database.ts';
import type { Known } from './known.ts';
import { unquoted } from './locks.ts';

type Refused = NonNullable<ProvenLock['refused']>;

/** What statements ask for when they begin (explicit-locking of the documentation): UPDATE and DELETE as INSERT does. */
const TRIED = [
  ['select', 'ACCESS SHARE'],
  ['select for update', 'ROW SHARE'],
  ['write', 'ROW EXCLUSIVE'],
] as const;

/** lock_not_available of the documentation's errcodes-appendix. */
const REFUSED = '55P03';

/**
 * What a second session cannot begin on a table at this moment, without waiting for it. Undefined where the session
 * cannot say: it does not see the table, which is new or has another name in its eyes.
 *
 * @param relation as SQL writes it; it comes from the session of the change, and is written anew before it is run
 * @throws ConnectionLost when the observer answers no more
 */
async function probe(observer: Connection, relation: string): Promise<Refused | undefined> {
  const refused: Refused = [];
  const { schema, bare } = unquoted(relation);
  const table = `${identifier(schema)}.${identifier(bare)}`;
  for (const [kind, mode] of TRIED) {
    await observer.run('BEGIN');
    try {
      await observer.run(`LOCK TABLE ONLY ${table} IN ${mode} MODE NOWAIT`);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (error.fields.code !== REFUSED) return undefined;
      refused.push(kind);
    } finally {
      await observer.run('ROLLBACK');
    }
  }
  return refused;
}

/** Tables of one statement that are tried. */
const MOST = 20;

/** Tries what the locks say; without an observer they are left as they are. */
export async function withRefusals(
  observer: Connection | undefined,
  known: Known,
  locks: readonly ProvenLock[],
): Promise<ProvenLock[]> {
  if (!observer) return [...locks];
  const tables = new Set(
    [...known.relations.values()].filter(({ kind }) => kind === 'r' || kind === 'p').map(({ name }) => name),
  );
  const told: ProvenLock[] = [];
  for (const lock of locks) {
    const tried = tables.has(lock.relation) && told.length < MOST;
    const refused = tried ? await probe(observer, lock.relation) : undefined;
    told.push(refused ? { ...lock, refused } : lock);
  }
  return told;
}
