import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resultSchema } from '../../src/report/result.ts';

test('docs/operations.md says of every reason code what to do', () => {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const missing = resultSchema.shape.reasonCode.options.filter((code) => !page.includes(`\`${code}\``));
  expect(missing).toEqual([]);
});
