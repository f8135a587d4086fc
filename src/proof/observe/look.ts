import { randomBytes } from 'node:crypto';
import type { Connection } from '../../engine/connection.ts';
import { type DetailAnswer, detailSchema, type LookAnswer, lookSchema } from './answers.ts';
import { ask, untruthful } from './ask.ts';
import { type Known, objectKey } from './known.ts';
import { detailQuery, EXTENSIONS, type LookAt, lookQuery } from './queries.ts';

/** What one look showed. */
export interface Showed {
  readonly answer: LookAnswer;
  readonly detail?: DetailAnswer | undefined;
}

/**
 * Looks at what is otherwise than known.
 *
 * @throws ConnectionLost `untruthful` when it is not this question that is answered
 */
export async function look(session: Connection, known: Known, at: Omit<LookAt, 'nonce'>): Promise<Showed> {
  const nonce = randomBytes(12).toString('hex');
  const answer = await ask(session, lookQuery({ ...at, nonce }), lookSchema);
  if (answer.nonce !== nonce) throw untruthful('It answered another question.');
  return { answer, detail: await detailOf(session, known, answer) };
}

/** What only some statements make it necessary to ask: whether a locked object was dropped, what an extension brought. */
async function detailOf(
  session: Connection,
  known: Known,
  { suspects = [], objects }: LookAnswer,
): Promise<DetailAnswer | undefined> {
  const candidates = suspects.filter(([catalog, oid]) => known.objects.has(objectKey(catalog, oid)));
  const extensions = objects.filter(([catalog]) => catalog === EXTENSIONS).map(([, oid]) => oid);
  if (candidates.length === 0 && extensions.length === 0) return undefined;
  return ask(session, detailQuery(candidates, extensions), detailSchema);
}
