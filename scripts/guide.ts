import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../test/postgres/server.ts';
import { blocksOf, comparable, withBlocks } from './guide/blocks.ts';
import { playBlocks } from './guide/play.ts';

const GUIDE = join(import.meta.dirname, '..', 'docs', 'guide.md');

/** Blocks of the guide that say something else than its commands do, each as both texts. */
export async function staleBlocks(): Promise<readonly { readonly page: string; readonly now: string }[]> {
  const { page, now } = await play();
  return blocksOf(page).flatMap((block, at) => {
    const fresh = now[at] ?? '';
    return comparable(block) === comparable(fresh) ? [] : [{ page: block, now: fresh }];
  });
}

/** Types every command of the guide, in its order, in one copy of the shop with a PostgreSQL of its own. */
async function play(): Promise<{ readonly page: string; readonly now: readonly string[] }> {
  const page = readFileSync(GUIDE, 'utf8');
  const server = await startPostgres();
  try {
    return { page, now: await playBlocks(blocksOf(page), server.connectionString) };
  } finally {
    await server.stop();
  }
}

if (import.meta.main) {
  const { check } = parseArgs({ options: { check: { type: 'boolean' } } }).values;
  if (check) {
    const stale = await staleBlocks();
    for (const { page, now } of stale) process.stdout.write(`the guide:\n${page}\nnow:\n${now}\n\n`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    const { page, now } = await play();
    writeFileSync(GUIDE, withBlocks(page, now));
  }
}
