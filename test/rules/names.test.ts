import { expect, test } from 'vitest';
import { shortened } from '../../src/rules/shared/names.ts';

test('a name is shortened to 63 bytes the way PostgreSQL does it', () => {
  expect(shortened('orders')).toBe('orders');
  expect(shortened('a'.repeat(64))).toBe('a'.repeat(63));
  expect(shortened('ä'.repeat(40))).toBe('ä'.repeat(31));
});

test('a name of megabytes costs no more than a long one', () => {
  const start = performance.now();
  expect(shortened('a'.repeat(4_000_000))).toBe('a'.repeat(63));
  // Going through all of it took minutes.
  expect(performance.now() - start).toBeLessThan(2_000);
});
