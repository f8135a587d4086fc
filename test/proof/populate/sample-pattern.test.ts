import { describe, expect, it } from 'vitest';
import { fitsRegex, sampleLike, sampleRegex } from '../../../src/proof/populate/sample-pattern.ts';

describe('a text for a regular expression', () => {
  it.each([
    '^[A-Z]{2}[0-9]{4}$',
    '^\\d{3}-\\d{4}$',
    '^[a-z0-9]+(-[a-z0-9]+)*$',
    '^(https?)://[^/\\s]+(/.*)?$',
    '^[^@[:space:]]+@[^@[:space:]]+\\.[a-z]{2,}$',
    '^#([0-9a-f]{3}|[0-9a-f]{6})$',
    '^\\+[1-9]\\d{1,14}$',
    '^[[:alpha:]_][[:alnum:]_-]{2,62}$',
    '^(?:[a-z]+\\.)*[a-z]+\\Z',
    '[0-9]',
    'a|b',
  ])('fits %s, and another one for another number', (pattern) => {
    const texts = [0, 1, 2, 3].map((number) => sampleRegex(pattern, number) ?? '');
    // PostgreSQL says it otherwise than JavaScript.
    const here = new RegExp(
      pattern
        .replaceAll('[:space:]', '\\s')
        .replaceAll('[:alpha:]', 'a-zA-Z')
        .replaceAll('[:alnum:]', 'a-zA-Z0-9')
        .replace('\\Z', '$'),
    );
    for (const text of texts)
      expect([text, here.test(text), fitsRegex(pattern, text)]).toEqual([text, true, true]);
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  it('is as long as it has to be', () => {
    expect(sampleRegex('^[a-z]+$', 0, 20)).toHaveLength(20);
    expect(sampleRegex('^[a-z]{3}$', 0, 20)).toBeUndefined();
  });

  it('is not there where the expression asks for what is not known', () => {
    expect(sampleRegex('^(?=.*[0-9]).{8,}$', 0)).toBeUndefined();
    expect(sampleRegex('(a)\\1', 0)).toBeUndefined();
    expect(sampleRegex('[a-', 0)).toBeUndefined();
  });

  it('is asked for in no time, whatever the expression', () => {
    const start = performance.now();
    expect(fitsRegex('^(([a-z]+)+)+$', `${'a'.repeat(60)}!`)).toBe(false);
    sampleRegex('((((((a{255}){255}){255}){255}){255}){255})', 0);
    expect(sampleRegex('x{9999999}', 0)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('whether a text fits', () => {
  it.each([
    ['^a+b?$', 'aaab', true],
    ['^a+b?$', 'b', false],
    ['^[^0-9]*$', 'a1', false],
    ['@', 'a@b', true],
    ['^a{2,3}$', 'aaaa', false],
    ['^a.c$', 'a@c', true],
  ])('%s: %s', (pattern, text, fits) => {
    expect(fitsRegex(pattern, text)).toBe(fits);
  });
});

describe('a text for a LIKE pattern', () => {
  it('fills what is open, and takes escaped signs as they are', () => {
    expect(sampleLike('abc%', 'n1')).toBe('abcn1');
    expect(sampleLike('_\\%_', 'n1')).toBe('x%x');
  });
});
