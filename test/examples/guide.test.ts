import { expect, test } from 'vitest';
import { staleBlocks } from '../../scripts/guide.ts';

test('every command of docs/guide.md prints what the guide says, times apart', async () => {
  expect(await staleBlocks(), 'type npm run guide').toEqual([]);
  // A hundred commands, one after another.
}, 240_000);
