import { lockMode } from '../../sql/locks.ts';
import type { Statement } from '../../sql/statement.ts';
import type { Raised } from '../../validation/raised.ts';
import { displayObject } from '../catalog/words.ts';
import type { RanStatement } from './ran-statement.ts';

/**
 * A finding that says only that nobody can read what its statement does, after the statement ran: with what it did.
 *
 * It becomes information where its block has one way through, and that made or altered something and took nothing
 * away: what it did is then judged like that of every other statement. What was taken away stays a warning, because the
 * rules that speak of lost data read statements and have not read this one.
 */
export function afterRunning(raised: Raised, ran: RanStatement, server: string): Raised {
  const { created, dropped, altered = [] } = ran.proven;
  const did = told(ran);
  if (!ran.ranOnRows || did.length === 0) return raised;
  const known = dropped.length === 0 && created.length + altered.length > 0 && hasOneWay(raised, ran);
  const rest =
    did.length > MOST ? `${did.slice(0, MOST).join('; ')}; and ${did.length - MOST} more` : did.join('; ');
  return {
    ...raised,
    ...(known ? { severity: 'info', stage: 'executed' } : {}),
    message: `${raised.message} In the shadow database (${server}) the whole statement did this: ${rest}. Where it finds other objects or settings it may do something else.`,
  };
}

/** Told in one sentence. */
const MOST = 4;

function told({ held, proven }: RanStatement): string[] {
  const { created, dropped, altered = [], rewrites } = proven;
  return [
    ...dropped.map((object) => `took away the ${inWords(object)}`),
    ...held
      .filter(({ own }) => own)
      .map(({ mode, relation }) => `took ${lockMode(mode)} on ${displayObject(relation)}`),
    ...rewrites.map((relation) => `wrote ${displayObject(relation)} anew`),
    ...created.map((object) => `made the ${inWords(object)}`),
    ...altered.map((object) => `altered the ${inWords(object)}`),
  ];
}

/** "column public.users.email", without the schema that everybody has. */
function inWords(object: string): string {
  return object.replace(/^([a-z ]+?) public\.(?=.)/, '$1 ');
}

/**
 * All that acts in the block is this one EXECUTE, and no condition decides whether it does. Bodies of functions that
 * the statement calls stand elsewhere and are not looked at.
 */
function hasOneWay({ file }: Raised, { statement }: RanStatement): boolean {
  if (statement?.kind !== 'do') return false;
  const { span, dynamic, statements, notAnalysed } = statement.body;
  return (
    notAnalysed === undefined &&
    dynamic.length === 1 &&
    statements.every(isQuery) &&
    !/\b(?:then|when)\b/i.test(file.text.slice(span.start, span.end))
  );
}

function isQuery({ kind, functions, inner = [] }: Statement): boolean {
  return kind === 'select' && functions.length === 0 && inner.length === 0;
}
