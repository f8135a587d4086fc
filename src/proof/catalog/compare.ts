import { saysTheSame } from './same-text.ts';
import type { CatalogSnapshot, Facts } from './snapshot.ts';

/** One thing that is not what it was. Undefined: it was not there, or is not there any more. */
export interface Difference {
  readonly kind: string;
  readonly object: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  /** Nobody depends on it: the order of columns. */
  readonly informative?: boolean | undefined;
}

const NOTHING: ReadonlyMap<string, Facts> = new Map();

/** What differs between two states of one database, in words; empty when one brings back the other. */
export function compareCatalogs(before: CatalogSnapshot, after: CatalogSnapshot): Difference[] {
  const differences: Difference[] = [];
  for (const kind of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(kind) ?? NOTHING;
    const is = after.get(kind) ?? NOTHING;
    if (was === is) continue;
    for (const [object, facts] of was) {
      const now = is.get(object);
      if (now) differences.push(...compareFacts(kind, object, facts, now));
      else if (!goesWith(kind, object, facts, before, after))
        differences.push({ kind, object, before: inWords(facts) });
    }
    for (const [object, facts] of is)
      if (!was.has(object) && !goesWith(kind, object, facts, after, before))
        differences.push({ kind, object, after: inWords(facts) });
  }
  return differences;
}

const RELATIONS = ['table', 'view', 'materialized view', 'foreign table', 'sequence'] as const;

/** Part of something that is itself there on one side only, which is said once: a column of a table that is gone. */
function goesWith(
  kind: string,
  object: string,
  facts: Facts,
  here: CatalogSnapshot,
  there: CatalogSnapshot,
): boolean {
  const onlyHere = (of: string, name: string): boolean =>
    here.get(of)?.has(name) === true && there.get(of)?.has(name) !== true;
  const relation = (name: string): boolean => RELATIONS.some((of) => onlyHere(of, name));
  switch (kind) {
    case 'column':
    case 'constraint':
    case 'trigger':
    case 'policy':
    case 'rule':
      return (
        relation(parentOf(object)) ||
        onlyHere('domain', parentOf(object)) ||
        onlyHere('type', parentOf(object))
      );
    case 'index':
      return relation(facts['table'] ?? '') || onlyHere('constraint', facts['constraint'] ?? '');
    case 'definition of view':
    case 'sequence settings':
      return relation(object);
    case 'sequence':
      return ownerGone(object, here, onlyHere, relation);
    case 'privilege':
    case 'comment':
      return [
        ...RELATIONS,
        'function',
        'procedure',
        'type',
        'enum',
        'domain',
        'schema',
        'column',
        'index',
        'constraint',
      ].some((of) => mentions(object, of, here, there));
    default:
      return false;
  }
}

/** A sequence of an identity or serial column comes and goes with the column. */
function ownerGone(
  object: string,
  here: CatalogSnapshot,
  onlyHere: (of: string, name: string) => boolean,
  relation: (name: string) => boolean,
): boolean {
  const owner = here.get('sequence settings')?.get(object)?.['owned by'];
  return owner != null && (relation(parentOf(owner)) || onlyHere('column', owner));
}

/** "select on relation public.a to bob" and "table public.a" name what they belong to. */
function mentions(text: string, kind: string, here: CatalogSnapshot, there: CatalogSnapshot): boolean {
  for (const word of text.split(' '))
    if (here.get(kind)?.has(word) && !there.get(kind)?.has(word)) return true;
  return false;
}

/** Without its last part; a quoted name may hold dots. */
function parentOf(object: string): string {
  return object.replace(/\.(?:"(?:[^"]|"")*"|[^."]*)$/, '');
}

const ROUTINES: ReadonlySet<string> = new Set(['function', 'procedure']);

function compareFacts(kind: string, object: string, was: Facts, is: Facts): Difference[] {
  if (was === is) return [];
  const differences: Difference[] = [];
  for (const property of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const before = was[property] ?? undefined;
    const after = is[property] ?? undefined;
    if (before === after) continue;
    if (before !== undefined && after !== undefined && saysTheSame(before, after, ROUTINES.has(kind)))
      continue;
    differences.push({
      kind,
      object,
      before: `${property}: ${before ?? 'none'}`,
      after: `${property}: ${after ?? 'none'}`,
      ...(kind === 'column' && property === 'position' ? { informative: true } : {}),
    });
  }
  return differences;
}

/** What is worth saying of an object that is there on one side only. */
function inWords(facts: Facts): string {
  const said = facts['definition'] ?? facts['type'] ?? facts['values'] ?? facts['text'];
  return said ?? 'there';
}
