import { expect, test } from 'vitest';
import { narrowed } from '../../src/report/narrowed.ts';

test('short texts are shown as they are, on one line', () => {
  expect(narrowed('bigint', 'int\n  eger')).toEqual(['bigint', 'int eger']);
});

test('of long texts the place is shown where they begin to differ', () => {
  const same = 'SELECT orders.id, orders.code\nFROM orders\n'.repeat(20);
  const [is, was] = narrowed(
    `${same}WHERE paid IS NOT NULL ORDER BY id`,
    `${same}WHERE sent IS NOT NULL ORDER BY id`,
  );
  expect(is).toBe('… orders.code FROM orders WHERE paid IS NOT NULL ORDER BY id');
  expect(was).toBe('… orders.code FROM orders WHERE sent IS NOT NULL ORDER BY id');
});

test('what begins with another word and goes on for long is cut', () => {
  const [is, was] = narrowed(`CREATE ${'long '.repeat(60)}`, `DROP ${'long '.repeat(60)}`);
  expect([is.slice(0, 11), was.slice(0, 9)]).toEqual(['CREATE long', 'DROP long']);
  expect(Math.max(is.length, was.length)).toBeLessThanOrEqual(120);
  expect(is).toMatch(/…$/);
});

test('texts without spaces are cut as well', () => {
  const [is, was] = narrowed(`${'a'.repeat(500)}b`, `${'a'.repeat(500)}c`);
  expect(is.length).toBeLessThanOrEqual(122);
  expect(was.length).toBeLessThanOrEqual(122);
});
