/** An expression of a CHECK or of a partition's bound, without its casts. */
export type Node =
  | { readonly kind: 'column'; readonly name: string }
  /** A literal as text; null is NULL. */
  | { readonly kind: 'value'; readonly text: string | null }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Node[] }
  | { readonly kind: 'operator'; readonly operator: string; readonly left: Node; readonly right: Node }
  /** left operator ANY (right), or ALL. */
  | {
      readonly kind: 'any' | 'all';
      readonly operator: string;
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Node[] }
  | { readonly kind: 'not'; readonly of: Node }
  | { readonly kind: 'is-null'; readonly of: Node }
  | { readonly kind: 'case'; readonly when: readonly (readonly [Node, Node])[]; readonly otherwise: Node };

/**
 * Reads what pg_get_expr and pg_get_partition_constraintdef write: a dialect with parentheses around everything, which
 * the server makes itself. Undefined where something stands in it that is not known here.
 */
export function parseExpression(text: string): Node | undefined {
  const tokens = tokenize(text);
  if (!tokens) return undefined;
  const reader = new Reader(tokens);
  const node = reader.expression();
  return reader.ended ? node : undefined;
}

/** Names of the columns in it. */
export function columnsIn(node: Node, found: Set<string> = new Set()): Set<string> {
  if (node.kind === 'column') found.add(node.name);
  for (const child of children(node)) columnsIn(child, found);
  return found;
}

function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'column':
    case 'value':
      return [];
    case 'list':
      return node.items;
    case 'call':
      return node.given;
    case 'operator':
    case 'any':
    case 'all':
      return [node.left, node.right];
    case 'and':
    case 'or':
      return node.of;
    case 'not':
    case 'is-null':
      return [node.of];
    case 'case':
      return [...node.when.flat(), node.otherwise];
  }
}

interface Token {
  readonly kind: 'text' | 'name' | 'number' | 'operator' | 'mark';
  readonly text: string;
  /** A name without quotes: a keyword is one. */
  readonly bare: boolean;
}

const TOKEN =
  /\s*(?:([EeBbXx]?)'((?:[^']|'')*)'|("(?:[^"]|"")+")|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(::|[()[\],.:])|([+\-*/<>=~!@#%^&|`?]+))/y;

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (!found) return undefined;
    const [, prefix, string, quoted, number, name, mark, operator] = found;
    if (string !== undefined)
      tokens.push({ kind: 'text', text: unescaped(prefix ?? '', string), bare: false });
    else if (quoted !== undefined) tokens.push({ kind: 'name', text: quoted, bare: false });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, bare: false });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, bare: true });
    else
      tokens.push({
        kind: mark === undefined ? 'operator' : 'mark',
        text: mark ?? operator ?? '',
        bare: false,
      });
  }
  return tokens;
}

/** An E'' string of the server's own writing has no other escape than the doubled backslash. */
function unescaped(prefix: string, text: string): string {
  const plain = text.replaceAll("''", "'");
  return prefix.toLowerCase() === 'e' ? plain.replaceAll('\\\\', '\\') : plain;
}

/** Words that go on a type's name. */
const TYPE_WORDS = new Set(['varying', 'precision', 'with', 'without', 'time', 'zone']);
/** Words that part the arguments of functions with a syntax of their own: EXTRACT, POSITION, TRIM. */
const PARTING = new Set(['FROM', 'IN', 'FOR', 'BOTH', 'LEADING', 'TRAILING']);
const NOTHING: Node = { kind: 'value', text: null };
const COMPARISONS = new Set(['=', '<>', '<', '>', '<=', '>=']);

class Reader {
  #at = 0;
  #failed = false;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get ended(): boolean {
    return !this.#failed && this.#at === this.#tokens.length;
  }

  expression(): Node {
    const parts = [this.#conjunction()];
    while (this.#takeWord('OR')) parts.push(this.#conjunction());
    return one(parts, 'or');
  }

  #conjunction(): Node {
    const parts = [this.#negation()];
    while (this.#takeWord('AND')) parts.push(this.#negation());
    return one(parts, 'and');
  }

  #negation(): Node {
    return this.#takeWord('NOT') ? { kind: 'not', of: this.#negation() } : this.#comparison();
  }

  #comparison(): Node {
    let left = this.#operation();
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.kind === 'operator' && COMPARISONS.has(token.text)) {
        this.#at++;
        left = this.#compared(token.text, left);
      } else if (this.#takeWord('IS')) left = this.#tested(left);
      else return left;
    }
  }

  #compared(operator: string, left: Node): Node {
    for (const [word, kind] of [
      ['ANY', 'any'],
      ['ALL', 'all'],
    ] as const)
      if (this.#takeWord(word)) return { kind, operator, left, right: this.#inParentheses() };
    return { kind: 'operator', operator, left, right: this.#operation() };
  }

  /** What follows IS. */
  #tested(of: Node): Node {
    const negated = this.#takeWord('NOT');
    const result = this.#test(of);
    return negated ? { kind: 'not', of: result } : result;
  }

  #test(of: Node): Node {
    const isNull: Node = { kind: 'is-null', of };
    if (this.#takeWord('NULL') || this.#takeWord('UNKNOWN')) return isNull;
    if (this.#takeWord('TRUE')) return { kind: 'and', of: [of, { kind: 'not', of: isNull }] };
    if (this.#takeWord('FALSE'))
      return {
        kind: 'and',
        of: [
          { kind: 'not', of },
          { kind: 'not', of: isNull },
        ],
      };
    if (this.#takeWord('DISTINCT') && this.#takeWord('FROM'))
      return { kind: 'operator', operator: '<>', left: of, right: this.#operation() };
    return this.#fail();
  }

  /** Other operators: their own order does not matter, as the server writes parentheses. */
  #operation(): Node {
    let left = this.#casted();
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.kind !== 'operator' || COMPARISONS.has(token.text)) return left;
      this.#at++;
      left = this.#compared(token.text, left);
    }
  }

  #casted(): Node {
    let node = this.#primary();
    for (;;) {
      if (this.#take('::')) this.#typeName();
      else if (this.#takeWord('COLLATE')) this.#qualifiedName();
      else if (this.#takeWord('AT')) {
        this.#takeWord('TIME');
        this.#takeWord('ZONE');
        node = { kind: 'call', name: 'timezone', given: [this.#primary(), node] };
      } else if (this.#take('[')) {
        node = { kind: 'call', name: '[]', given: [node, this.expression()] };
        if (!this.#take(']')) return this.#fail();
      } else if (this.#take('.')) {
        node = { kind: 'call', name: '.', given: [node] };
        this.#at++;
      } else return node;
    }
  }

  #primary(): Node {
    const token = this.#tokens[this.#at++];
    if (!token || this.#failed) return this.#fail();
    if (token.kind === 'text' || token.kind === 'number') return { kind: 'value', text: token.text };
    if (token.kind === 'operator' && token.text === '-') {
      const of = this.#casted();
      return of.kind === 'value' && of.text !== null
        ? { kind: 'value', text: `-${of.text}` }
        : { kind: 'call', name: '-', given: [of] };
    }
    if (token.kind === 'mark' && token.text === '(') {
      this.#at--;
      return this.#inParentheses();
    }
    if (token.kind !== 'name') return this.#fail();
    return (token.bare ? this.#keyword(token.text) : undefined) ?? this.#named(token);
  }

  #keyword(word: string): Node | undefined {
    switch (word) {
      case 'true':
      case 'false':
        return { kind: 'value', text: word };
      case 'NULL':
        return NOTHING;
      case 'ARRAY':
        return this.#list('[', ']');
      case 'ROW':
        return { kind: 'call', name: 'ROW', given: this.#arguments() };
      case 'CASE':
        return this.#case();
      case 'CURRENT_DATE':
      case 'CURRENT_TIMESTAMP':
      case 'LOCALTIMESTAMP':
        return { kind: 'call', name: 'now', given: [] };
      default:
        return undefined;
    }
  }

  #named(first: Token): Node {
    let name = first.text;
    while (this.#take('.')) name = this.#tokens[this.#at++]?.text ?? '';
    if (this.#tokens[this.#at]?.text !== '(' || this.#tokens[this.#at]?.kind !== 'mark')
      return { kind: 'column', name };
    return { kind: 'call', name: name.toLowerCase(), given: this.#arguments() };
  }

  #arguments(): Node[] {
    const given: Node[] = [];
    if (!this.#take('(')) {
      this.#fail();
      return given;
    }
    while (!this.#failed && !this.#take(')')) {
      const token = this.#tokens[this.#at];
      if (this.#take(',') || (token?.bare && PARTING.has(token.text) && ++this.#at > 0)) continue;
      given.push(this.expression());
    }
    return given;
  }

  #list(open: string, close: string): Node {
    if (!this.#take(open)) return this.#fail();
    const items: Node[] = [];
    while (!this.#failed && !this.#take(close)) if (!this.#take(',')) items.push(this.expression());
    return { kind: 'list', items };
  }

  #case(): Node {
    const subject = this.#isWord('WHEN') ? undefined : this.expression();
    const when: (readonly [Node, Node])[] = [];
    while (this.#takeWord('WHEN')) {
      const found = this.expression();
      if (!this.#takeWord('THEN')) return this.#fail();
      const condition: Node = subject
        ? { kind: 'operator', operator: '=', left: subject, right: found }
        : found;
      when.push([condition, this.expression()]);
    }
    const otherwise = this.#takeWord('ELSE') ? this.expression() : NOTHING;
    return this.#takeWord('END') ? { kind: 'case', when, otherwise } : this.#fail();
  }

  #inParentheses(): Node {
    if (!this.#take('(')) return this.#fail();
    const node = this.expression();
    return this.#take(')') ? node : this.#fail();
  }

  #typeName(): void {
    this.#qualifiedName();
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.bare && TYPE_WORDS.has(token.text)) this.#at++;
      else if (token?.kind === 'mark' && token.text === '(')
        while (!this.#take(')') && this.#at < this.#tokens.length) this.#at++;
      else if (token?.kind === 'mark' && token.text === '[' && this.#tokens[this.#at + 1]?.text === ']')
        this.#at += 2;
      else return;
    }
  }

  #qualifiedName(): void {
    do this.#at++;
    while (this.#take('.'));
  }

  #isWord(word: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.bare === true && token.text === word;
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#at++;
    return true;
  }

  #take(mark: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'mark' || token.text !== mark) return false;
    this.#at++;
    return true;
  }

  #fail(): Node {
    this.#failed = true;
    return NOTHING;
  }
}

function one(parts: readonly Node[], kind: 'and' | 'or'): Node {
  const [first = NOTHING, ...others] = parts;
  return others.length === 0 ? first : { kind, of: parts };
}
