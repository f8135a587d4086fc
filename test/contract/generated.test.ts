import { expect, it } from 'vitest';
import { staleFiles } from '../../scripts/docs.ts';

it('everything that scripts/docs.ts writes is fresh', async () => {
  expect(await staleFiles(), 'type npm run docs').toEqual([]);
});
