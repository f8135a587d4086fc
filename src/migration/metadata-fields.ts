import type { Span } from '../sql/source.ts';
import { closest } from './did-you-mean.ts';
import type { JsonNode } from './json-text.ts';
import type { Metadata } from './metadata.ts';

/**
 * The metadata of `metadataSchema`, checked with places and without zod, which a cold start would have to load.
 * A test holds the two together.
 */
export interface MetadataField {
  readonly required: boolean;
  /** For people: what the value must be. */
  readonly expects: string;
  /** As one may write it. */
  readonly example: string;
  accepts(value: JsonNode): boolean;
}

const isText = (node: JsonNode): boolean => node.kind === 'string' && node.value !== '';
const isFlag = (node: JsonNode): boolean => node.kind === 'boolean';
const isTexts = (node: JsonNode): boolean =>
  node.kind === 'array' && node.items.every(({ kind }) => kind === 'string');
const oneOf = (required: boolean, ...words: readonly string[]): MetadataField => ({
  required,
  expects: `one of ${words.map((word) => `"${word}"`).join(', ')}`,
  example: `"${words[0]}"`,
  accepts: (node) => node.kind === 'string' && words.includes(node.value),
});

/** A map, not an object: keys come from files, and `__proto__` is one as good as any. */
export const METADATA_FIELDS: ReadonlyMap<string, MetadataField> = new Map<keyof Metadata, MetadataField>([
  ['author', { required: true, expects: 'a text that is not empty', example: '"ada"', accepts: isText }],
  [
    'description',
    {
      required: true,
      expects: 'a text that is not empty',
      example: '"add user preferences"',
      accepts: isText,
    },
  ],
  ['breakingChange', { required: true, expects: 'true or false', example: 'false', accepts: isFlag }],
  [
    'estimatedDuration',
    {
      required: true,
      expects: 'a number of milliseconds, 0 or more',
      example: '1000',
      accepts: (node) => node.kind === 'number' && node.value >= 0 && Number.isFinite(node.value),
    },
  ],
  ['dataVolume', oneOf(true, 'small', 'medium', 'large')],
  ['risk', oneOf(true, 'low', 'medium', 'high')],
  ['tags', { required: true, expects: 'a list of texts', example: '[]', accepts: isTexts }],
  ['dependencies', { required: false, expects: 'a list of ids', example: '[]', accepts: isTexts }],
  ['requiresDowntime', { required: false, expects: 'true or false', example: 'false', accepts: isFlag }],
  ['affectedTables', { required: false, expects: 'a list of texts', example: '[]', accepts: isTexts }],
  ['rollbackStrategy', oneOf(false, 'down', 'backup', 'forward')],
]);

export interface MetadataProblem {
  readonly span: Span;
  readonly message: string;
  readonly fix: string;
}

export interface CheckedMetadata {
  /** Undefined where a required field is missing or a value is wrong. */
  readonly metadata?: Metadata | undefined;
  readonly problems: readonly MetadataProblem[];
}

/** `opening` is where what is missing is shown. */
export function checkMetadata(root: JsonNode, opening: Span): CheckedMetadata {
  if (root.kind !== 'object') {
    return {
      problems: [
        { span: root.span, message: 'Metadata must be a JSON object', fix: 'Write it between { and }.' },
      ],
    };
  }
  const problems: MetadataProblem[] = [];
  const values = new Map<string, unknown>();
  const meant = new Set<string>();
  const seen = new Set<string>();
  let usable = true;
  for (const { key, keySpan, value } of root.members) {
    const field = METADATA_FIELDS.get(key);
    if (field === undefined) {
      const suggestion = closest(key, METADATA_FIELDS.keys());
      if (suggestion !== undefined) meant.add(suggestion);
      problems.push(unknownKey(key, keySpan, suggestion));
      continue;
    }
    if (seen.has(key)) {
      problems.push({
        span: keySpan,
        message: `Metadata has the field "${key}" twice`,
        fix: 'Keep one of them.',
      });
    }
    seen.add(key);
    if (field.accepts(value)) values.set(key, plain(value));
    else {
      usable = false;
      problems.push({
        span: value.span,
        message: `Metadata field "${key}" must be ${field.expects}`,
        fix: `Write for example "${key}": ${field.example}.`,
      });
    }
  }
  for (const [key, { required, expects, example }] of METADATA_FIELDS) {
    if (!required || seen.has(key)) continue;
    usable = false;
    // The mistyped key says it already.
    if (meant.has(key)) continue;
    problems.push({
      span: opening,
      message: `Metadata lacks the field "${key}": ${expects}`,
      fix: `Add for example "${key}": ${example}.`,
    });
  }
  return { metadata: usable ? (Object.fromEntries(values) as Metadata) : undefined, problems };
}

function unknownKey(key: string, span: Span, suggestion: string | undefined): MetadataProblem {
  const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key;
  if (suggestion === undefined) {
    return {
      span,
      message: `Metadata knows no field "${shown}"`,
      fix: `Remove it; there are ${[...METADATA_FIELDS.keys()].join(', ')}.`,
    };
  }
  return {
    span,
    message: `Metadata knows no field "${shown}". Did you mean "${suggestion}"?`,
    fix: `Write "${suggestion}".`,
  };
}

function plain(node: JsonNode): unknown {
  if (node.kind === 'array') return node.items.map(plain);
  return node.kind === 'object' || node.kind === 'null' ? null : node.value;
}
