import { describe, expect, it } from 'vitest';
import { globProblem } from '../../src/configuration/glob.ts';
import { patternProblem } from '../../src/configuration/pattern.ts';

describe('a regular expression of the configuration', () => {
  it.each([
    '^[a-z][a-z0-9_]*$',
    '^[a-z]+(_[a-z0-9]+)*$',
    '^(?:[a-z0-9]+_)*[a-z]+$',
    '^idx_t(?:_|$)',
    '^(?:idx|fk|pk|uq)_.*_c$',
    '^(?:tbl|view)_[a-z]{3,20}(?:_v\\d+)?$',
    '^(?<id>\\d+)/(?<name>.+)\\.(?<direction>up|down)\\.sql$',
    '^(?<id>.+?)_(?<name>.+)\\.sql$',
    '(?!.*__)^[a-z_]+$',
    '^(?:ab|cd|ef)+$',
    '^\\p{L}+$|[\\]()+*]',
    'a{b}{,2}]\\k\\0\\x41\\u0041',
    '',
  ])('%s is accepted', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });

  it.each([
    '^(a+)+$',
    '^(a*)*$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '^([a-z]+_?)*$',
    '^(?:[a-z]|[a-c_])*$',
    '^(.*,){10}x$',
    '^(?:(?:a+)b?)+$',
    '(a?){30}a{30}',
    '^(?:_a*a*)*$',
    '^(\\w+\\s?)*$',
    '^(a|b|ab)*c$',
    '^(?:(a)\\1)*(?:a\\1)*$',
  ])('%s is refused for its repeated group', (pattern) => {
    expect(patternProblem(pattern)).toContain('repeats a group that can be read in several ways');
  });

  it.each([`^${'.*'.repeat(10)}x$`, `^${'a?'.repeat(30)}${'a'.repeat(30)}$`, `^${'(?:a|a)'.repeat(30)}$`])(
    '%s is refused for its many choices',
    (pattern) => {
      expect(patternProblem(pattern)).toContain('more than 3 of its parts');
    },
  );

  it('is refused where it is broken or very long', () => {
    expect(patternProblem('(')).toMatch(/^is not a regular expression: /);
    expect(patternProblem('[')).toMatch(/^is not a regular expression: /);
    expect(patternProblem('^(?i:a)$')).toMatch(/^(?:sets flags|is not a regular expression)/);
    expect(patternProblem('a'.repeat(501))).toBe('is longer than 500 characters');
  });

  it('that is accepted ends soon on the names that are meant to make it slow', () => {
    const patterns = ['^[a-z]+(_[a-z0-9]+)*$', '^.*_.*_.*x$', '^(?:ab|cd|ef)+$', '^(?:[a-z0-9]+_)*[a-z]+$'];
    const started = performance.now();
    for (const pattern of patterns) {
      expect(patternProblem(pattern)).toBeUndefined();
      for (const name of ['a'.repeat(63), '_a'.repeat(31), 'ab'.repeat(31), '_'.repeat(63)])
        new RegExp(pattern).test(`${name}!`);
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is judged in a moment, whatever it is', () => {
    const started = performance.now();
    for (const part of ['a?', '(a', '(?:a|', '.*', '[a-z]', '(a?){9}', '\\1'])
      patternProblem(part.repeat(Math.floor(500 / part.length)) + (part === '(a' ? ')'.repeat(250) : ''));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('a glob of the configuration', () => {
  it.each([
    'legacy/**',
    '**/*.down.sql',
    'db/{old,archive}/V?__*_*.sql',
    'a\\(b\\)/[()]*',
    'db/migrations/2019*.sql',
  ])('%s is accepted', (glob) => {
    expect(globProblem(glob)).toBeUndefined();
  });

  it.each([
    ['(a+)+x', 'parentheses'],
    ['+(a|aa)*', 'parentheses'],
    ['!(a)', 'parentheses'],
    ['**/a/**/a/**/a/**/x', '** more than 3 times'],
    ['*a*a*a*a*x', 'more than 4 wildcards'],
    ['{a,a}'.repeat(4), 'braces'],
    ['{a,{b,c}}', 'braces'],
    ['x'.repeat(501), 'longer than 500'],
    [' ', 'is empty'],
  ])('%s is refused', (glob, why) => {
    expect(globProblem(glob)).toContain(why);
  });
});
