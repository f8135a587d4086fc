import { describe, expect, test } from 'vitest';
import { readBuiltinFunctions } from '../../../scripts/generate-builtin-functions.ts';
import { builtinVolatility } from '../../../src/sql/postgres/builtin-functions.ts';

describe('volatility of PostgreSQL’s own functions', () => {
  test.each([
    ['now', 'stable'],
    ['statement_timestamp', 'stable'],
    ['clock_timestamp', 'volatile'],
    ['timeofday', 'volatile'],
    ['random', 'volatile'],
    ['gen_random_uuid', 'volatile'],
    ['uuidv7', 'volatile'],
    ['nextval', 'volatile'],
    ['setval', 'volatile'],
    ['currval', 'volatile'],
    ['pg_sleep', 'volatile'],
    ['lower', 'immutable'],
    ['abs', 'immutable'],
    ['md5', 'immutable'],
    ['count', 'immutable'],
    ['current_setting', 'stable'],
    ['format', 'stable'],
    ['timezone', 'stable'],
    ['to_tsvector', 'stable'],
    ['to_char', 'stable'],
  ] as const)('%s is %s', (name, volatility) => {
    expect(builtinVolatility(name)).toBe(volatility);
  });

  test.each(['uuid_generate_v4', 'my_default', 'NOW', '', 'constructor', 'now random'])(
    '%j is none of them',
    (name) => {
      expect(builtinVolatility(name)).toBe('unknown');
    },
  );

  test('a server of the version it was read from says the same of every function', async () => {
    const { version, functions } = await readBuiltinFunctions();
    expect(version).toMatch(/^18\./);
    expect(functions.length).toBeGreaterThan(2000);
    expect(functions.filter(({ name, volatility }) => builtinVolatility(name) !== volatility)).toEqual([]);
  });
});
