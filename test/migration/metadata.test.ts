import { describe, expect, it } from 'vitest';
import { type JsonNode, parseJson } from '../../src/migration/json-text.ts';
import { metadataSchema } from '../../src/migration/metadata.ts';
import { checkMetadata, METADATA_FIELDS } from '../../src/migration/metadata-fields.ts';

const GOOD: Readonly<Record<string, unknown>> = {
  author: 'ada',
  description: 'd',
  breakingChange: false,
  estimatedDuration: 0,
  dataVolume: 'small',
  risk: 'low',
  tags: [],
  dependencies: ['1'],
  requiresDowntime: true,
  affectedTables: ['t'],
  rollbackStrategy: 'forward',
};

function check(value: unknown) {
  const parsed = parseJson(JSON.stringify(value));
  if ('message' in parsed) throw new Error(parsed.message);
  return checkMetadata(parsed.root, { start: 0, end: 1 });
}

describe('the table of metadata fields', () => {
  it('has the fields of the schema', () => {
    expect([...METADATA_FIELDS.keys()]).toEqual(Object.keys(metadataSchema.shape));
  });

  it('agrees with the schema about every field and every kind of value', () => {
    const values = [
      undefined,
      null,
      '',
      'x',
      'small',
      'low',
      'down',
      'high',
      'backup',
      0,
      -1,
      1.5,
      1e300,
      true,
      false,
      [],
      ['a'],
      [''],
      [1],
      [null],
      [['a']],
      {},
      { a: 1 },
    ];
    const disagreements = [...METADATA_FIELDS.keys()].flatMap((field) =>
      values
        .filter((value) => {
          const sample = { ...GOOD, [field]: value };
          if (value === undefined) delete sample[field];
          return metadataSchema.safeParse(sample).success !== (check(sample).problems.length === 0);
        })
        .map((value) => `${field}: ${JSON.stringify(value)}`),
    );
    expect(disagreements).toEqual([]);
    expect(metadataSchema.safeParse({ ...GOOD, extra: 1 }).success).toBe(false);
    expect(check({ ...GOOD, extra: 1 }).problems).toHaveLength(1);
  });

  it('gives the same value as the schema', () => {
    expect(check(GOOD).metadata).toEqual(metadataSchema.parse(GOOD));
  });

  it('has examples that it accepts', () => {
    for (const [, { example, accepts }] of METADATA_FIELDS) {
      const parsed = parseJson(example);
      expect('root' in parsed && accepts(parsed.root)).toBe(true);
    }
  });
});

function plain(node: JsonNode): unknown {
  if (node.kind === 'array') return node.items.map(plain);
  if (node.kind === 'object')
    return Object.fromEntries(node.members.map(({ key, value }) => [key, plain(value)]));
  return node.kind === 'null' ? null : node.value;
}

describe('JSON with places', () => {
  it.each([
    '{}',
    '[]',
    'null',
    '"a\\u00e4\\n"',
    '-1.5e3',
    '{"a":[1,{"b":null}],"a b":true}',
    ' [ 1 , 2 ] ',
    '"\\\\"',
  ])('reads %s as JSON.parse does', (text) => {
    const parsed = parseJson(text);
    if ('message' in parsed) throw new Error(parsed.message);
    expect(text.slice(parsed.root.span.start, parsed.root.span.end)).toBe(text.trim());
    expect(plain(parsed.root)).toEqual(JSON.parse(text));
  });

  it.each([
    '',
    '{',
    '[',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '[1,]',
    '[1 2]',
    '"a',
    '"\n"',
    '"\\x"',
    "'a'",
    'nul',
    '01x',
    '{a:1}',
    '-',
    '\u0000',
    '{"a":1',
    '[1',
    '"\\',
  ])('refuses %j with a place inside the text', (text) => {
    const parsed = parseJson(text);
    if (!('message' in parsed)) {
      // The one value in front was read; what follows is the caller's.
      expect(parsed.end).toBeLessThan(text.length);
      return;
    }
    expect(parsed.span.start).toBeGreaterThanOrEqual(0);
    expect(parsed.span.end).toBeLessThanOrEqual(text.length);
    expect(parsed.message).not.toBe('');
  });

  it('says where the value ends', () => {
    expect(parseJson('{"a": 1} rest')).toMatchObject({ end: 8 });
  });

  it('does not run out of stack', () => {
    expect(parseJson('[{"a":'.repeat(100_000))).toMatchObject({ message: 'it is nested too deeply' });
  });
});
