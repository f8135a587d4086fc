import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  parseDocument,
  visit,
} from 'yaml';
import { type Position, SourceFile } from '../sql/source.ts';
import { shown } from './values.ts';

export interface PlacedMessage extends Position {
  readonly message: string;
}

export interface YamlReading {
  readonly value: unknown;
  /** Where a value stands, or its key; the nearest part above where it does not exist. */
  locate(path: readonly PropertyKey[], at: 'key' | 'value'): Position;
  /** A number or boolean as it was written (14.10 is not 14.1); undefined for anything else. */
  written(path: readonly PropertyKey[]): string | undefined;
}

const MOST_NESTING = 64;
const MOST_ALIASES = 100;

/** YAML 1.2 with merge keys, one document, plain data only. All problems of the syntax are found at once. */
export function readYaml(text: string): YamlReading | readonly PlacedMessage[] {
  const source = new SourceFile('', text);
  const place = (offset: number): Position => source.position(offset);
  const deep = tooDeep(text);
  if (deep !== undefined)
    return [{ ...place(deep), message: `is nested more than ${MOST_NESTING} levels deep` }];

  const document = parseDocument(text, {
    prettyErrors: false,
    stringKeys: true,
    merge: true,
    schema: 'core',
    resolveKnownTags: false,
    logLevel: 'error',
  });
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    ...place(error.pos[0]),
    message: syntaxMessage(error.code, error.message, text.slice(error.pos[0], error.pos[0] + 60)),
  }));
  for (const { offset, message } of aliasProblems(document)) problems.push({ ...place(offset), message });
  if (problems.length > 0) return problems;

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    // yaml throws a ReferenceError when aliases multiply past the count.
    if (!(error instanceof ReferenceError)) throw error;
    return [
      {
        line: 1,
        column: 1,
        message: 'uses anchors and aliases that multiply too much; write the values out',
      },
    ];
  }
  return {
    value,
    locate: (path, at) => place(offsetOf(document, path, at)),
    written: (path) => {
      const node = find(document, path).node;
      return isScalar(node) && typeof node.value !== 'string' && node.value !== null
        ? node.source
        : undefined;
    },
  };
}

/**
 * yaml's composer recurses, and at thousands of levels it ends in a stack overflow or, on some
 * versions of Node, in an abort of the process; its parser keeps a stack that can be looked at.
 */
function tooDeep(text: string): number | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    // A level of the document is two or more entries of the parser's stack.
    if (parser.stack.length > MOST_NESTING) return parser.offset;
  }
  return undefined;
}

function aliasProblems(document: Document.Parsed): { offset: number; message: string }[] {
  const problems: { offset: number; message: string }[] = [];
  visit(document, {
    Alias(_key, alias, path) {
      const target = alias.resolve(document);
      const offset = alias.range?.[0] ?? 0;
      if (target === undefined)
        problems.push({ offset, message: `*${alias.source} has no anchor &${alias.source} before it` });
      else if (path.includes(target))
        problems.push({ offset, message: `*${alias.source} stands inside what it refers to` });
    },
  });
  return problems;
}

function syntaxMessage(code: string, message: string, at: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return `the key ${shown(/^["']?([^:"'\r\n]*)/.exec(at)?.[1])} stands twice in the same mapping`;
    case 'TAB_AS_INDENT':
      return 'a tab is used for indentation; YAML wants spaces';
    case 'MULTIPLE_DOCS':
      return 'a second document starts here (---); only one is read';
    case 'NON_STRING_KEY':
      return 'this key is not plain text';
    case 'TAG_RESOLVE_FAILED':
      return `the tag ${shown(at.split(/\s/)[0])} is not known; only plain data is read`;
    case 'RESOURCE_EXHAUSTION':
      return 'is nested too deep';
    default:
      return `is not valid YAML: ${message.replace(/\s+/g, ' ')}`;
  }
}

interface Found {
  readonly node: unknown;
  readonly pair?: Pair | undefined;
}

/** Follows a path through mappings, lists, aliases and merge keys as far as it goes. */
function find(
  document: Document.Parsed,
  path: readonly PropertyKey[],
): Found & { readonly complete: boolean } {
  let found: Found = { node: document.contents };
  for (const part of path) {
    const next = step(document, resolved(document, found.node), part);
    if (next === undefined) return { ...found, complete: false };
    found = next;
  }
  return { ...found, node: resolved(document, found.node), complete: true };
}

function step(document: Document.Parsed, node: unknown, part: PropertyKey): Found | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? undefined : { node: item };
  }
  if (!isMap(node)) return undefined;
  const named = (name: PropertyKey) =>
    node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(name));
  const pair = named(part);
  if (pair) return { node: pair.value, pair };
  const merged = resolved(document, named('<<')?.value);
  for (const source of isSeq(merged) ? merged.items : [merged]) {
    const inside = step(document, resolved(document, source), part);
    if (inside) return inside;
  }
  return undefined;
}

function resolved(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], at: 'key' | 'value'): number {
  const { node, pair, complete } = find(document, path);
  const keyOffset = rangeStart(pair?.key);
  const empty = isScalar(node) && node.value === null && node.source === '';
  if (at === 'key' || !complete || empty) return keyOffset ?? rangeStart(node) ?? 0;
  return rangeStart(node) ?? keyOffset ?? 0;
}

function rangeStart(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
