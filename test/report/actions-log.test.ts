import { describe, expect, it } from 'vitest';
import { commandData, commandProperty, neutralise } from '../../src/report/actions-log.ts';
import { hostile } from './hostile.ts';

/** What the runner would take for commands, by its own rules: ignorable characters count as nothing. */
function commands(text: string): string[] {
  return text
    .split(/[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line) => line.replace(/[\p{C}\p{M}]/gu, ''))
    .filter((line) => /^\s*::/.test(line) || line.includes('##['));
}

describe('printing SQL in an Actions log', () => {
  it('issues no workflow command, however it is hidden', () => {
    const attempts = [
      '::add-mask::secret',
      '  \t::stop-commands::token',
      'ok\r::error::after a carriage return',
      'ok\u2028::error::after a line separator',
      'ok\u0085::error::after NEL',
      'ok\u000b::error::after a vertical tab',
      '\u00a0\u3000::error::after other white space',
      '\u200b::error::after an invisible character',
      ':\u200d:error::with one between the colons',
      'select 1; ##[add-mask]x',
      '#\u200b#\u200d[error]x',
      '###[error]x',
      '\n\n\n   \n  ::warning::x',
      ...hostile,
    ];
    expect(attempts.flatMap(commands).length).toBeGreaterThan(14);
    for (const attempt of attempts)
      expect(commands(neutralise(attempt)), JSON.stringify(attempt)).toEqual([]);
  });

  it('leaves casts, comments and arrays of ordinary SQL as they are', () => {
    const sql =
      "SELECT '1'::int, a::text[] -- ## heading\n  FROM t WHERE x = ARRAY[1]\n  AND y ~ '#[a-z]';\n";
    expect(neutralise(sql)).toBe(sql);
  });

  it('changes nothing on a second pass', () => {
    for (const text of hostile) expect(neutralise(neutralise(text))).toBe(neutralise(text));
  });

  it('takes time in proportion to the text', () => {
    const started = performance.now();
    neutralise('\n'.repeat(1_000_000));
    neutralise('#'.repeat(1_000_000));
    neutralise(' '.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('escapes what ends a command or one of its properties', () => {
    expect(commandData('50%\r\nnext: a, b')).toBe('50%25%0D%0Anext: a, b');
    expect(commandProperty('a:b,c%\n')).toBe('a%3Ab%2Cc%25%0A');
  });
});
