import { columnsIn, type Node, parseExpression } from './expression.ts';
import { combine, type RowWishes, type Wish } from './wishes.ts';

/** More ways than this to fulfil the conditions of one table are not looked at. */
const MOST_WAYS = 48;

/**
 * The ways in which a row can fulfil all conditions (CHECKs, the bound of its partition), as far as they are of a
 * simple form: of a disjunction, each side is a way. Never empty: conditions that contradict each other leave one way
 * in which nothing is known of their columns.
 *
 * @param conditions as the server writes them
 * @param notNull columns that no way may leave empty
 */
export function waysToFulfil(
  conditions: readonly string[],
  notNull: ReadonlySet<string>,
): readonly [RowWishes, ...RowWishes[]] {
  let ways: (readonly Wish[])[] = [[]];
  for (const condition of conditions) {
    const node = parseExpression(condition);
    const here = node ? alternatives(node, true) : [];
    const next: (readonly Wish[])[] = [];
    // Turn by turn, so that what is cut off at the end is not all of one alternative.
    for (const way of ways)
      for (const wishes of here) {
        const both = [...way, ...wishes];
        if (next.length < MOST_WAYS && combine(both, notNull)) next.push(both);
      }
    if (next.length > 0) ways = next;
    else ways = ways.map((way) => [...way, ...(node ? unsolved(node) : namesIn(condition))]);
  }
  const [first = new Map(), ...others] = ways.flatMap((way) => combine(way, notNull) ?? []);
  return [first, ...others];
}

/** Lists of wishes, any one of which makes the expression what is wanted. */
function alternatives(node: Node, wanted: boolean): readonly (readonly Wish[])[] {
  switch (node.kind) {
    case 'not':
      return alternatives(node.of, !wanted);
    case 'and':
    case 'or':
      return (node.kind === 'and') === wanted
        ? product(node.of.map((part) => alternatives(part, wanted)))
        : interleaved(node.of.map((part) => alternatives(part, wanted)));
    case 'is-null':
      return nullTest(node.of, wanted);
    case 'value':
      return (node.text === 'true') === wanted ? [[]] : [];
    case 'column':
      return [[{ kind: 'among', column: node.name, values: [wanted ? 'true' : 'false'] }]];
    case 'any':
    case 'all':
      return quantified(node, wanted);
    case 'operator':
      return compared(node, wanted);
    case 'case':
      return cases(node, wanted);
    default:
      return [unsolved(node)];
  }
}

function unsolved(node: Node): Wish[] {
  return [...columnsIn(node)].map((column) => ({ kind: 'unsolved', column }));
}

/** Of what could not be read: whatever may be the name of a column. */
function namesIn(condition: string): Wish[] {
  const names = condition.match(/"(?:[^"]|"")+"|[a-z_]\w*/g) ?? [];
  return [...new Set(names)].map((column) => ({ kind: 'unsolved', column }));
}

function product(parts: readonly (readonly (readonly Wish[])[])[]): readonly (readonly Wish[])[] {
  let ways: (readonly Wish[])[] = [[]];
  for (const part of parts)
    ways = ways.flatMap((way) => part.map((more) => [...way, ...more])).slice(0, MOST_WAYS);
  return ways;
}

/** The first of each part, then the second of each. */
function interleaved(parts: readonly (readonly (readonly Wish[])[])[]): readonly (readonly Wish[])[] {
  const ways: (readonly Wish[])[] = [];
  const longest = Math.max(0, ...parts.map(({ length }) => length));
  for (let at = 0; at < longest && ways.length < MOST_WAYS; at++)
    for (const part of parts) ways.push(...part.slice(at, at + 1));
  return ways;
}

function nullTest(of: Node, wanted: boolean): readonly (readonly Wish[])[] {
  const column = subject(of)?.column;
  if (column === undefined) return [unsolved(of)];
  return [[{ kind: wanted ? 'null' : 'not-null', column }]];
}

function cases(node: Extract<Node, { kind: 'case' }>, wanted: boolean): readonly (readonly Wish[])[] {
  const earlier: Node[] = [];
  const ways: (readonly (readonly Wish[])[])[] = [];
  for (const [condition, result] of [...node.when, [ALWAYS, node.otherwise] as const]) {
    const not = earlier.map((before) => alternatives(before, false));
    ways.push(product([alternatives(condition, true), ...not, alternatives(result, wanted)]));
    earlier.push(condition);
  }
  return interleaved(ways);
}

const ALWAYS: Node = { kind: 'value', text: 'true' };

function quantified(
  node: Extract<Node, { kind: 'any' | 'all' }>,
  wanted: boolean,
): readonly (readonly Wish[])[] {
  const items = literals(node.right);
  const { operator, left } = node;
  const column = subject(left)?.column;
  if (column !== undefined && items) {
    const equal = node.kind === 'any' && operator === '=';
    const unequal = node.kind === 'all' && operator === '<>';
    if (equal || unequal)
      return [[{ kind: equal === wanted ? 'among' : 'not-among', column, values: items }]];
  }
  const array = node.right.kind === 'column' ? node.right.name : undefined;
  if (array !== undefined && operator === '=' && left.kind === 'value' && left.text !== null && wanted)
    return [[{ kind: 'elements', column: array, values: [left.text] }]];
  if (!items) return [unsolved(node)];
  const each = items.map((text) => {
    const right: Node = { kind: 'value', text };
    return alternatives({ kind: 'operator', operator, left, right }, wanted);
  });
  return (node.kind === 'any') === wanted ? interleaved(each) : product(each);
}

/** The texts of ARRAY['a', 'b'] or '{a,b}'. */
function literals(node: Node): readonly string[] | undefined {
  if (node.kind === 'value' && node.text?.startsWith('{'))
    return node.text
      .slice(1, -1)
      .split(',')
      .map((text) => text.replace(/^"(.*)"$/, '$1'));
  if (node.kind !== 'list') return undefined;
  const texts = node.items.flatMap((item) =>
    item.kind === 'value' && item.text !== null ? [item.text] : [],
  );
  return texts.length === node.items.length ? texts : undefined;
}

const OPPOSITE: Readonly<Record<string, string>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

function compared(node: Extract<Node, { kind: 'operator' }>, wanted: boolean): readonly (readonly Wish[])[] {
  const { left, right } = node;
  if (node.operator in OPPOSITE) {
    const operator = wanted ? node.operator : (OPPOSITE[node.operator] ?? node.operator);
    if (isCondition(left) && isCondition(right) && (operator === '=' || operator === '<>'))
      return interleaved(
        [true, false].map((side) =>
          product([alternatives(left, side), alternatives(right, side === (operator === '='))]),
        ),
      );
    const turned = left.kind === 'value' || isNow(left);
    const found = turned
      ? comparison(MIRRORED[operator] ?? operator, right, left)
      : comparison(operator, left, right);
    return found ?? [unsolved(node)];
  }
  const within = node.operator === '<@' && wanted ? literals(right) : undefined;
  if (within && left.kind === 'column') return [[{ kind: 'elements', column: left.name, values: within }]];
  return [textPattern(node, wanted) ?? unsolved(node)];
}

/** Gives true or false, and is no column. */
function isCondition({ kind, ...node }: Node): boolean {
  if (kind === 'operator') return 'operator' in node && String(node.operator) in OPPOSITE;
  return ['and', 'or', 'not', 'is-null', 'any', 'all'].includes(kind);
}

function comparison(operator: string, left: Node, right: Node): readonly (readonly Wish[])[] | undefined {
  const counted = conditionsCounted(left);
  if (counted && right.kind === 'value') return countWays(counted, operator, Number(right.text));
  const part = partWithin(left);
  if (part) return operator.startsWith('>') ? [[part]] : [[]];
  const one = subject(left);
  if (!one) return undefined;
  const { column, of } = one;
  if (right.kind === 'value' && right.text !== null) {
    const wishes = constantWishes(column, of, operator, right.text);
    return wishes && [wishes];
  }
  if (of === 'value' && isNow(right) && operator !== '=')
    return [[{ kind: operator.startsWith('<') ? 'past' : 'future', column }]];
  const other = subject(right);
  if (!other) return undefined;
  if (other.column === column)
    return other.of === 'lower' || other.of === 'upper'
      ? [[{ kind: 'spelled', column, as: other.of }]]
      : [[]];
  if (of !== 'value' || other.of !== 'value') return undefined;
  const strict = operator === '<' || operator === '>' || operator === '<>';
  const [low, high] = operator.startsWith('>') ? [other.column, column] : [column, other.column];
  return [[{ kind: 'below', column: low, other: high, strict }]];
}

/** POSITION('@' IN email) and strpos(email, '@'), which are more than 0 where it stands in it. */
function partWithin(node: Node): Wish | undefined {
  if (node.kind !== 'call' || (node.name !== 'position' && node.name !== 'strpos')) return undefined;
  const [part, whole] = node.name === 'position' ? node.given : node.given.toReversed();
  const column = whole && subject(whole)?.column;
  if (column === undefined || part?.kind !== 'value' || part.text === null) return undefined;
  return { kind: 'like', column, pattern: `_%${part.text}_%` };
}

type Measure = 'value' | 'length' | 'lower' | 'upper' | 'json' | 'place';

const MEASURES: Readonly<Record<string, Measure>> = {
  length: 'length',
  char_length: 'length',
  character_length: 'length',
  octet_length: 'length',
  cardinality: 'length',
  array_length: 'length',
  lower: 'lower',
  upper: 'upper',
  trim: 'value',
  btrim: 'value',
  ltrim: 'value',
  rtrim: 'value',
  coalesce: 'value',
  jsonb_typeof: 'json',
  json_typeof: 'json',
};

/** The column that an expression is about, and what of it. */
function subject(node: Node): { readonly column: string; readonly of: Measure } | undefined {
  if (node.kind === 'column') return { column: node.name, of: 'value' };
  if (node.kind !== 'call') return undefined;
  const of = MEASURES[node.name];
  const inner = of && node.given[0] && subject(node.given[0]);
  if (!of || !inner) return undefined;
  return { column: inner.column, of: of === 'value' ? inner.of : of };
}

function constantWishes(column: string, of: Measure, operator: string, text: string): Wish[] | undefined {
  if (of === 'length') return lengthWishes(column, operator, Number(text));
  if (of === 'json') return operator === '=' ? [{ kind: 'json', column, type: text }] : [];
  switch (operator) {
    case '=':
      return [{ kind: 'among', column, values: [text] }];
    case '<>':
      return text === ''
        ? [{ kind: 'shortest', column, length: 1 }]
        : [{ kind: 'not-among', column, values: [text] }];
    default:
      return [
        {
          kind: operator.startsWith('>') ? 'least' : 'most',
          column,
          value: text,
          strict: !operator.endsWith('='),
        },
      ];
  }
}

function lengthWishes(column: string, operator: string, length: number): Wish[] | undefined {
  if (!Number.isInteger(length)) return undefined;
  switch (operator) {
    case '=':
      return [
        { kind: 'shortest', column, length },
        { kind: 'longest', column, length },
      ];
    case '<>':
      return length === 0 ? [{ kind: 'shortest', column, length: 1 }] : [];
    case '>':
    case '>=':
      return [{ kind: 'shortest', column, length: operator === '>' ? length + 1 : length }];
    default:
      return [{ kind: 'longest', column, length: operator === '<' ? length - 1 : length }];
  }
}

/** `~` and LIKE, in all their forms. What must not match is left to chance. */
function textPattern(node: Extract<Node, { kind: 'operator' }>, wanted: boolean): Wish[] | undefined {
  const of = subject(node.left);
  if (!of || node.right.kind !== 'value' || node.right.text === null) return undefined;
  const { column } = of;
  const spelled: Wish[] =
    of.of === 'lower' || of.of === 'upper' ? [{ kind: 'spelled', column, as: of.of }] : [];
  const pattern = node.right.text;
  const negated = node.operator.startsWith('!') === wanted;
  switch (node.operator.replace(/^!/, '')) {
    case '~':
    case '~*':
      return negated ? [] : [{ kind: 'matches', column, pattern }, ...spelled];
    case '~~':
    case '~~*':
      return negated ? [] : [{ kind: 'like', column, pattern }, ...spelled];
    default:
      return undefined;
  }
}

/** Of num_nonnulls(a, b) and of sums of conditions cast to numbers: the conditions. */
function conditionsCounted(node: Node): readonly Node[] | undefined {
  if (node.kind === 'call' && (node.name === 'num_nonnulls' || node.name === 'num_nulls'))
    return node.given.map((of): Node => {
      const isNull: Node = { kind: 'is-null', of };
      return node.name === 'num_nulls' ? isNull : { kind: 'not', of: isNull };
    });
  if (node.kind === 'operator' && node.operator === '+') {
    const sides = [node.left, node.right].map(
      (side) => conditionsCounted(side) ?? (isCondition(side) ? [side] : oneOrNothing(side)),
    );
    return sides.every((side) => side !== undefined) ? sides.flat() : undefined;
  }
  return undefined;
}

/** CASE WHEN … THEN 1 ELSE 0 END. */
function oneOrNothing(node: Node): readonly Node[] | undefined {
  const [only, ...others] = node.kind === 'case' ? node.when : [];
  if (node.kind !== 'case' || !only || others.length > 0) return undefined;
  const [condition, result] = only;
  return result.kind === 'value' && result.text === '1' ? [condition] : undefined;
}

function countWays(
  conditions: readonly Node[],
  operator: string,
  wanted: number,
): readonly (readonly Wish[])[] {
  const ways: (readonly (readonly Wish[])[])[] = [];
  for (let count = 0; count <= conditions.length; count++) {
    if (!holds(count, operator, wanted)) continue;
    const turns = count === 0 || count === conditions.length ? 1 : conditions.length;
    for (let first = 0; first < turns; first++)
      ways.push(
        product(
          conditions.map((condition, at) =>
            alternatives(condition, (at - first + conditions.length) % conditions.length < count),
          ),
        ),
      );
  }
  return interleaved(ways);
}

function holds(count: number, operator: string, wanted: number): boolean {
  switch (operator) {
    case '=':
      return count === wanted;
    case '<>':
      return count !== wanted;
    case '<':
      return count < wanted;
    case '<=':
      return count <= wanted;
    case '>':
      return count > wanted;
    default:
      return count >= wanted;
  }
}

const NOW = new Set(['now', 'transaction_timestamp', 'statement_timestamp', 'clock_timestamp']);

/** Made of the current time and constants. */
function isNow(node: Node): boolean {
  if (node.kind === 'call' && NOW.has(node.name)) return true;
  const inner = node.kind === 'operator' ? [node.left, node.right] : node.kind === 'call' ? node.given : [];
  return inner.some(isNow) && columnsIn(node).size === 0;
}
