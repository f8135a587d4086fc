import { expect, test } from 'vitest';
import { forEnvironment } from '../../src/report/next-command.ts';

test.each([
  ['next: airlock repair 20260101 --yes', 'next: airlock repair --env test 20260101 --yes'],
  [
    '    next: airlock status; then airlock up',
    '    next: airlock status --env test; then airlock up --env test',
  ],
  ['  "next": "airlock up goes on",', '  "next": "airlock up --env test goes on",'],
  ['next: airlock plan --env other', 'next: airlock plan --env other'],
  ['next: airlock create a, airlock explain b', 'next: airlock create a, airlock explain b'],
  ['error: airlock up holds the lease', 'error: airlock up holds the lease'],
  [
    'first\nnext: airlock down\nlast: airlock down',
    'first\nnext: airlock down --env test\nlast: airlock down',
  ],
])('%j becomes %j', (said, told) => {
  expect(forEnvironment(said, 'test')).toBe(told);
});
