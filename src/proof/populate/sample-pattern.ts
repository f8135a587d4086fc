/** One place of a text: the characters that may stand there. */
type Place = readonly string[];

/** A piece of a pattern; gives the places of one text that fits. */
type Piece =
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'characters'; readonly of: readonly string[]; readonly any?: boolean }
  | { readonly kind: 'group'; readonly branches: readonly (readonly Repeated[])[] };

interface Repeated {
  readonly piece: Piece;
  readonly least: number;
  readonly most: number;
}

/**
 * A text that matches a regular expression (functions-matching: POSIX, as far as people use it in a CHECK), another one
 * for another number as long as there are others. Undefined where the expression asks for more than is known here.
 *
 * @param shortest characters that it has, and at most `longest`, as far as the expression leaves the choice
 */
export function sampleRegex(
  pattern: string,
  number: number,
  shortest = 0,
  longest = Number.POSITIVE_INFINITY,
): string | undefined {
  const branches = readPattern(pattern);
  if (!branches) return undefined;
  // Repetitions beyond the fewest: some of them, as that leaves more texts to choose from.
  for (const extra of [
    3,
    2,
    1,
    0,
    ...Array.from({ length: Math.min(shortest, MOST_TIMES) }, (_, at) => at + 4),
  ]) {
    const text = spell(places(branches, number, extra), number);
    if (text.length >= shortest && text.length <= longest) return text;
  }
  return undefined;
}

/**
 * Whether a regular expression matches a text; false where it asks for more than is known here. Not left to
 * JavaScript's own expressions, which a stranger's pattern can keep busy for hours.
 */
export function fitsRegex(pattern: string, text: string): boolean {
  const branches = readPattern(pattern);
  if (!branches) return false;
  return Array.from({ length: text.length + 1 }, (_, at) => at).some(
    (at) => ends(branches, text, at).size > 0,
  );
}

function readPattern(pattern: string): Branches | undefined {
  const reader = new PatternReader(pattern.replace(/^\(\?[a-z]+\)/, ''));
  const branches = reader.branches();
  return reader.ended ? branches : undefined;
}

type Branches = readonly (readonly Repeated[])[];

/** Where a match that begins at one place may end. */
function ends(branches: Branches, text: string, from: number): Set<number> {
  const found = new Set<number>();
  for (const branch of branches) {
    let places = new Set([from]);
    for (const repeated of branch) places = repeatedEnds(repeated, text, places);
    for (const place of places) found.add(place);
  }
  return found;
}

function repeatedEnds(
  { piece, least, most }: Repeated,
  text: string,
  from: ReadonlySet<number>,
): Set<number> {
  let places = new Set(from);
  for (let times = 0; times < least; times++)
    places = new Set([...places].flatMap((place) => pieceEnds(piece, text, place)));
  const found = new Set(places);
  // From each place once: what is reached from there does not hang on how it was reached, but for a limit.
  for (let times = least; times < most && places.size > 0; times++) {
    const next = [...places].flatMap((place) => pieceEnds(piece, text, place));
    places = new Set(next.filter((place) => !found.has(place)));
    for (const place of places) found.add(place);
  }
  return found;
}

function pieceEnds(piece: Piece, text: string, at: number): number[] {
  switch (piece.kind) {
    case 'start':
      return at === 0 ? [at] : [];
    case 'end':
      return at === text.length ? [at] : [];
    case 'characters':
      return at < text.length && (piece.any || piece.of.includes(text[at] ?? '')) ? [at + 1] : [];
    case 'group':
      return [...ends(piece.branches, text, at)];
  }
}

/** A text that matches a LIKE pattern. */
export function sampleLike(pattern: string, filling: string): string {
  return pattern.replace(/\\(.)|[%_]/g, (all, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    return all === '%' ? filling : 'x';
  });
}

/** Counts through the characters, so that numbers that follow each other give different texts. */
function spell(places: readonly Place[], number: number): string {
  const written: string[] = [];
  let left = number;
  for (const place of places.toReversed()) {
    written.push(place[left % place.length] ?? '');
    left = Math.floor(left / place.length);
  }
  return written.reverse().join('');
}

function places(branches: Branches, number: number, extra: number): Place[] {
  const branch = branches[number % branches.length] ?? [];
  return branch.flatMap(({ piece, least, most }) => {
    const times = Math.max(least, Math.min(most, least + (piece.kind === 'group' ? 0 : extra)));
    return Array.from({ length: times }, () => {
      if (piece.kind === 'group') return places(piece.branches, number, extra);
      return piece.kind === 'characters' ? [piece.of] : [];
    }).flat();
  });
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const VISIBLE = `${LOWER}${UPPER}${DIGITS}-_.,:;!?@#$%&*+/=()<>[]{}^~|' "\\`;
const CLASSES: Readonly<Record<string, string>> = {
  alpha: LOWER + UPPER,
  lower: LOWER,
  upper: UPPER,
  digit: DIGITS,
  alnum: LOWER + UPPER + DIGITS,
  xdigit: `${DIGITS}abcdef`,
  space: ' ',
  blank: ' ',
  punct: '-_.',
  graph: VISIBLE.replace(' ', ''),
  print: VISIBLE,
  word: `${LOWER + DIGITS}_`,
};
const ESCAPES: Readonly<Record<string, string>> = {
  d: DIGITS,
  w: `${LOWER + DIGITS}_`,
  s: ' ',
  D: LOWER,
  W: '-',
  S: LOWER + DIGITS,
  n: '\n',
  t: '\t',
  r: '\r',
};
/** Escapes that stand for a place between characters. */
const BOUNDARIES = 'AZmMyYbB';
const ANY = LOWER + DIGITS;

class PatternReader {
  #at = 0;
  #depth = 0;
  #failed = false;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get ended(): boolean {
    return !this.#failed && this.#at === this.#text.length;
  }

  branches(): (readonly Repeated[])[] {
    const branches = [this.#branch()];
    while (this.#take('|')) branches.push(this.#branch());
    return branches;
  }

  #branch(): Repeated[] {
    const pieces: Repeated[] = [];
    while (!this.#failed && this.#at < this.#text.length && !'|)'.includes(this.#peek())) {
      const piece = this.#piece();
      if (piece) pieces.push({ piece, ...this.#quantity(piece.kind === 'group') });
    }
    return pieces;
  }

  /** Undefined: it takes no room, and its place does not matter here. */
  #piece(): Piece | undefined {
    const character = this.#next();
    if (character === '^' || character === '$') return { kind: character === '^' ? 'start' : 'end' };
    if (character === '(') return this.#group();
    if (character === '[') return { kind: 'characters', of: this.#set() };
    if (character === '.') return { kind: 'characters', of: [...ANY], any: true };
    if (character !== '\\') return { kind: 'characters', of: [character] };
    const escaped = this.#next();
    if (BOUNDARIES.includes(escaped)) return undefined;
    if (/[1-9]/.test(escaped)) return this.#fail();
    return { kind: 'characters', of: [...(ESCAPES[escaped] ?? escaped)] };
  }

  #group(): Piece | undefined {
    if (this.#take('?') && !this.#take(':')) return this.#fail();
    this.#depth++;
    if (this.#depth > DEEPEST) return this.#fail();
    const branches = this.branches();
    this.#depth--;
    return this.#take(')') ? { kind: 'group', branches } : this.#fail();
  }

  /** What follows `[`. */
  #set(): string[] {
    const negated = this.#take('^');
    const found = new Set<string>();
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.#at >= this.#text.length) {
        this.#fail();
        break;
      }
      const named = /^\[:(\w+):\]/.exec(this.#text.slice(this.#at));
      if (named) {
        this.#at += named[0].length;
        for (const one of CLASSES[named[1] ?? ''] ?? '') found.add(one);
        continue;
      }
      const members = this.#setMember();
      const [from = ''] = members;
      if (members.length === 1 && this.#peek() === '-' && this.#text[this.#at + 1] !== ']') {
        this.#at++;
        const [to = from] = this.#setMember();
        for (const one of range(from, to)) found.add(one);
      } else for (const one of members) found.add(one);
    }
    this.#at++;
    const characters = negated ? [...VISIBLE].filter((one) => !found.has(one)) : [...found];
    return characters.length > 0 ? characters : [' '];
  }

  #setMember(): string[] {
    const character = this.#next();
    if (character !== '\\') return [character];
    const escaped = this.#next();
    return [...(ESCAPES[escaped] ?? escaped)];
  }

  #quantity(isGroup: boolean): { least: number; most: number } {
    const found = /^(?:([?*+])|\{(\d+)(,(\d*))?\})\??/.exec(this.#text.slice(this.#at));
    if (!found) return { least: 1, most: 1 };
    this.#at += found[0].length;
    const [, mark, least, range, most] = found;
    if (mark !== undefined) return { least: mark === '+' ? 1 : 0, most: mark === '?' ? 1 : LONG };
    const lowest = Number(least);
    if (lowest > (isGroup ? MOST_GROUPS : MOST_TIMES)) this.#fail();
    return { least: lowest, most: range === undefined ? lowest : most ? Number(most) : LONG };
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  #next(): string {
    return this.#text[this.#at++] ?? '';
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #fail(): undefined {
    this.#failed = true;
    return undefined;
  }
}

/** As good as without end. */
const LONG = 1_000;
/** DUPMAX of PostgreSQL's regular expressions. */
const MOST_TIMES = 255;
/** Repetitions of a group that it takes at least. */
const MOST_GROUPS = 16;
/** Groups in groups: repetitions of repetitions grow beyond any memory. */
const DEEPEST = 3;

function range(from: string, to: string): string[] {
  const [first = 0, last = first] = [from.codePointAt(0), to.codePointAt(0)];
  return Array.from({ length: Math.max(0, Math.min(last - first, 500)) + 1 }, (_, at) =>
    String.fromCodePoint(first + at),
  );
}
