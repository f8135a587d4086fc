const MOST_CHARACTERS = 500;
/** Each place where one character can be read in two ways multiplies the time by the length of the name. */
const MOST_CHOICES = 3;
const REPEATED =
  'can take for ever on some names: it repeats a group that can be read in several ways, as (a+)+ or (a|a)* can; begin or end each repetition with a character of its own, as in (_[a-z]+)*';
const CHOICES = `can take very long on some names: more than ${MOST_CHOICES} of its parts can take a character that the next part can take, too, as in .*.*.*.*; write it with fewer`;

/**
 * What is wrong with a regular expression of the configuration: its syntax, or that V8, which tries one way of reading
 * after the other, could need more than polynomial time for it. Names come from the change under review.
 */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > MOST_CHARACTERS) return `is longer than ${MOST_CHARACTERS} characters`;
  try {
    new RegExp(pattern);
  } catch (error) {
    return `is not a regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
  // Node 23 and later only; and they would change what the characters below match.
  if (/\(\?[a-z-]+:/.test(pattern))
    return 'sets flags for a part of itself, which is not read here; write [Aa] instead';
  return new Reading(pattern).problem();
}

/** Where a part of the expression can begin and end, as positions: places of one character each. */
interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** It can match nothing. */
  readonly empty: boolean;
}

const NOTHING: Part = { first: [], last: [], empty: true };
const TOKEN =
  /\((?:\?(?:<?[=!]|:|<[^>]*>))?|\[(?:\\[\s\S]|[^\]\\])*\]|\\(?:k<[^>]*>|u\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|p\{[^}]*\}|c[a-z]|\d+|[\s\S])|[*+?]\??|\{\d+(?:,\d*)?\}\??|[\s\S]/giy;

/**
 * Glushkov's construction: which character of the expression can follow which. Two that can follow the same one and
 * match the same character are a choice, and a choice inside of a repetition doubles the work with each turn
 * (Brüggemann-Klein and Wood, "One-Unambiguous Regular Languages"; here a position that follows in two ways counts, too).
 */
class Reading {
  readonly #tokens: readonly string[];
  #at = 0;
  /** By position: the characters it matches, bit 128 for all beyond ASCII; and what follows it. */
  readonly #characters: bigint[] = [];
  readonly #follow: number[][] = [];
  #repeats = false;
  readonly #whole: Part;

  constructor(pattern: string) {
    this.#tokens = pattern.match(TOKEN) ?? [];
    this.#whole = this.#alternatives();
  }

  problem(): string | undefined {
    if (this.#repeats) return REPEATED;
    // Where the same can follow it is the same choice: at the beginning of .*x and in the middle of it.
    const choices = [this.#whole.first, ...this.#follow].filter((next) => this.#isChoice(next));
    const different = new Set(choices.map((next) => [...next].sort((one, other) => one - other).join()));
    return different.size > MOST_CHOICES ? CHOICES : undefined;
  }

  #alternatives(): Part {
    let part = this.#sequence();
    while (this.#tokens[this.#at] === '|') {
      this.#at += 1;
      const other = this.#sequence();
      part = {
        first: [...part.first, ...other.first],
        last: [...part.last, ...other.last],
        empty: part.empty || other.empty,
      };
    }
    return part;
  }

  #sequence(): Part {
    let part = NOTHING;
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      if (token === '|' || token === ')') break;
      const next = this.#repeated();
      this.#join(part.last, next.first);
      part = {
        first: part.empty ? [...part.first, ...next.first] : part.first,
        last: next.empty ? [...part.last, ...next.last] : next.last,
        empty: part.empty && next.empty,
      };
    }
    return part;
  }

  #repeated(): Part {
    const from = this.#follow.length;
    const group = this.#tokens[this.#at]?.startsWith('(') === true;
    const part = this.#atom();
    const times = /^(?:([*+?])|\{(\d+)(,(\d*))?\})/.exec(this.#tokens[this.#at] ?? '');
    if (!times) return part;
    this.#at += 1;
    const [, sign, least, range, most] = times;
    const many = sign ? sign !== '?' : Number((range ? most || '2' : least) ?? 0) > 1;
    const empty = part.empty || sign === '*' || sign === '?' || least === '0';
    if (!many) return { ...part, empty };
    this.#join(part.last, part.first);
    if (group) {
      const inside = [part.first, ...this.#follow.slice(from)];
      this.#repeats ||= part.empty || inside.some((next) => this.#isChoice(next));
    }
    return { ...part, empty };
  }

  #atom(): Part {
    const token = this.#tokens[this.#at++] ?? '';
    if (token === '^' || token === '$' || /^\\b$/i.test(token)) return NOTHING;
    if (token.startsWith('(')) {
      const inside = this.#alternatives();
      this.#at += 1;
      return /^\(\?<?[=!]/.test(token) ? NOTHING : inside;
    }
    const position = this.#follow.push([]) - 1;
    const reference = /^\\(?:k<|[1-9])/.test(token);
    this.#characters.push(reference ? ALL : charactersOf(token));
    return { first: [position], last: [position], empty: reference };
  }

  #join(last: readonly number[], first: readonly number[]): void {
    for (const position of last) this.#follow[position]?.push(...first);
  }

  #isChoice(next: readonly number[]): boolean {
    let taken = 0n;
    for (const position of next) {
      const characters = this.#characters[position] ?? ALL;
      if ((taken & characters) !== 0n) return true;
      taken |= characters;
    }
    return false;
  }
}

const BEYOND = 1n << 128n;
const ALL = (BEYOND << 1n) - 1n;

/** The regular expression itself says which of ASCII it matches; beyond, whatever is not plainly ASCII counts as all. */
function charactersOf(token: string): bigint {
  const one = new RegExp(`^(?:${token})$`);
  let set = /^\[\^|^\.$|\\[WDSPpsu]|[^\0-\x7f]/.test(token) ? BEYOND : 0n;
  for (let code = 0; code < 128; code += 1)
    if (one.test(String.fromCharCode(code))) set |= 1n << BigInt(code);
  return set;
}
