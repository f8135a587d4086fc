import { describe, expect, test } from 'vitest';
import { parseSizes } from '../../src/configuration/sizes.ts';

function problems(text: string): string[] {
  const parsed = parseSizes(text, 'sizes.json');
  return parsed.ok
    ? []
    : parsed.problems.map(({ path, line, column, message }) => `${path}:${line}:${column} ${message}`);
}

describe('the sizes file', () => {
  test('becomes what rules know of the target', () => {
    const text = JSON.stringify({
      serverVersion: '14.2',
      activeConnections: 80,
      replicas: 2,
      freeDiskBytes: 1e12,
      tables: {
        'public.orders': { rows: 5_000_000, bytes: 9e9, writesPerSecond: 30.5, toastBytes: 1 },
        users: {},
      },
    });
    expect(parseSizes(text, 'sizes.json')).toEqual({
      ok: true,
      target: {
        major: 14,
        serverVersion: '14.2',
        activeConnections: 80,
        replicas: 2,
        freeDiskBytes: 1e12,
        tables: new Map([
          ['public.orders', { rows: 5_000_000, bytes: 9e9, writesPerSecond: 30.5, toastBytes: 1 }],
          ['public.users', {}],
        ]),
      },
    });
  });

  test.each([
    [{ major: 16 }, { major: 16 }],
    [{ major: 14 }, { major: 14, serverVersion: '14.2' }],
    [
      { major: 14, serverVersion: '14.9' },
      { major: 14, serverVersion: '14.9' },
    ],
  ])('the configured version %j goes before the measured 14.2', (configured, expected) => {
    const parsed = parseSizes('{"serverVersion":"14.2","tables":{}}', 'sizes.json', configured);
    expect(parsed).toEqual({ ok: true, target: { ...expected, tables: new Map() } });
  });

  test.each([
    ['', ':1:1 is not valid JSON: it ends in the middle'],
    ['{"tables": {', ':1:13 is not valid JSON: it ends in the middle'],
    ['{\n  "tables": {},\n}', ':3:1 is not valid JSON: unexpected "}"'],
    ['{\n  "tables": x\n}', ':2:13 is not valid JSON: unexpected "x"'],
    ['{"tables": }', ':1:12 is not valid JSON: unexpected "}"'],
    ['{"a": "tables": {}}', ':1:15 is not valid JSON: unexpected ":"'],
    ['{"tables": {}} x', ':1:16 is not valid JSON: unexpected "x"'],
    ['[]', ':1:1 a list is not a mapping'],
    ['{}', ':1:1 tables: is missing; write a mapping'],
    ['{\n"tables": {\n"a": {"row": 1}}}', ':3:7 tables.a.row: is not a known key; did you mean rows?'],
    ['{"tables": {"a": {"rows": -1}}}', ':1:27 tables.a.rows: -1 is less than 0'],
    ['{"tables": {"a": {"rows": "many"}}}', ':1:27 tables.a.rows: "many" is not a number'],
    [
      '{"serverVersion": "new", "tables": {}}',
      ':1:19 serverVersion: "new" is not a PostgreSQL version; write one like 16 or 14.2',
    ],
    [`{"tables": {"a": ${'['.repeat(50_000)}`, ' is not valid JSON: it ends in the middle'],
    [`{"tables": "${'\\u0041'.repeat(100_000)}`, ' is not valid JSON: it ends in the middle'],
  ])('%j is refused with its place', (text, message) => {
    const found = problems(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  test('ten thousand tables take a moment only', () => {
    const tables = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`public.t${at}`, { rows: at, bytes: at * 100 }]),
    );
    const started = performance.now();
    expect(parseSizes(JSON.stringify({ tables }), 'sizes.json').ok).toBe(true);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
