import { expect, test } from 'vitest';
import { compareCatalogs } from '../../../src/proof/catalog/compare.ts';
import { saysTheSame } from '../../../src/proof/catalog/same-text.ts';

const routine = (body: string): string =>
  `CREATE OR REPLACE FUNCTION public.f()\n RETURNS integer\n LANGUAGE plpgsql\nAS $function$${body}$function$\n`;

test('a routine that is written with other white space, comments and case of keywords is the same', () => {
  const before = routine('\nBEGIN\n  -- why\n  RETURN 1 + 1;\nEND\n');
  expect(saysTheSame(before, routine(' begin return 1 + 1 ; /* so */ end '), true)).toBe(true);
});

test('a routine that does something else, or says something else in a string, is another', () => {
  const before = routine("BEGIN RETURN 1 || 'a  b'; END");
  expect(saysTheSame(before, routine("BEGIN RETURN 2 || 'a  b'; END"), true)).toBe(false);
  expect(saysTheSame(before, routine("BEGIN RETURN 1 || 'a b'; END"), true)).toBe(false);
  expect(saysTheSame(before, routine('BEGIN RETURN 1 || "a  b"; END'), true)).toBe(false);
});

test('what is no routine is compared as it is', () => {
  expect(saysTheSame('CHECK (a > 1)', 'CHECK (a  > 1)', false)).toBe(false);
});

test('the moment that a constant was made at is no difference', () => {
  const view = (at: string): string =>
    ` SELECT p.id\n   FROM p\n  WHERE (p.made < ('${at}'::timestamp without time zone))`;
  expect(saysTheSame(view('2026-01-01 10:00:00.123456'), view('2026-01-01 10:00:01.5'), false)).toBe(true);
  // A date that somebody wrote.
  expect(saysTheSame(view('2026-01-01 10:00:00'), view('2026-01-02 10:00:00'), false)).toBe(false);
});

test('a comparison leaves out what says the same', () => {
  const catalog = (definition: string) => new Map([['function', new Map([['public.f()', { definition }]])]]);
  const before = catalog(routine('BEGIN RETURN 1; END'));
  expect(compareCatalogs(before, catalog(routine('\nBEGIN\n  RETURN 1;\nEND\n')))).toEqual([]);
  expect(compareCatalogs(before, catalog(routine('BEGIN RETURN 2; END')))).toHaveLength(1);
});
