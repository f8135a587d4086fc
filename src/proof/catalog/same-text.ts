import { lex } from '../../sql/lexer.ts';

/**
 * Whether two texts of a catalog say the same. Routines are kept as they were written, so white space and comments
 * stay in them; and a constant like 'now'::timestamp is kept as the moment when it was created, which is another one
 * each time (datatype-datetime of the documentation, "Special Values").
 */
export function saysTheSame(before: string, after: string, isRoutine: boolean): boolean {
  if (before === after) return true;
  const [one, other] = [withoutMoments(before), withoutMoments(after)];
  return one === other || (isRoutine && words(one) === words(other));
}

/** With fractions of a second, as nobody writes them and the clock gives them. */
const MOMENT = /'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+(?:[+-]\d\d(?::\d\d)*)?'(?=::timestamp)/g;

function withoutMoments(text: string): string {
  return text.replace(MOMENT, "'now'");
}

/** The words and signs of a statement, one after the other; the body between dollar quotes is read as well. */
function words(text: string): string {
  const found: string[] = [];
  for (const { kind, start, end } of lex(text)) {
    const said = text.slice(start, end);
    if (kind === 'line-comment' || kind === 'block-comment') continue;
    if (kind === 'dollar-string') {
      const [tag = ''] = /^\$[^$]*\$/.exec(said) ?? [];
      found.push(tag, words(said.slice(tag.length, said.length - tag.length)), tag);
    } else found.push(kind === 'word' ? said.toLowerCase() : said);
  }
  return found.join(' ');
}
