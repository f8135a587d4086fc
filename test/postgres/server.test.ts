import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startPostgres } from './server.ts';

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  // A server that ends under an open connection says so by this event, on whatever was awaited too or on nothing.
  let lost = false;
  client.on('error', () => {
    lost = true;
  });
  try {
    await client.connect();
    await client.end();
    return !lost;
  } catch (error) {
    // pg has no code for a connection that closes before the server's first word.
    if (!(error instanceof Error && error.message === 'Connection terminated unexpectedly'))
      expect(error).toMatchObject({ code: expect.stringMatching(/ECONNREFUSED|57P03|57P01|ECONNRESET/) });
    return false;
  }
}

test('a started server answers, and does not after it was stopped', async () => {
  const server = await startPostgres();
  expect(await answers(server.connectionString)).toBe(true);
  await server.stop();
  await server.stop();
  expect(await answers(server.connectionString)).toBe(false);
});

test('a server ends when the process that started it is killed', async () => {
  const script = `
    const { startPostgres } = await import(${JSON.stringify(join(import.meta.dirname, 'server.ts'))});
    const { connectionString } = await startPostgres();
    process.stdout.write(connectionString + '\\n');
    setInterval(() => {}, 1000);`;
  const node = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'node');
  const child = spawn(node, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await once(child.stdout, 'data');
  const connectionString = String(printed).trim();
  expect(await answers(connectionString)).toBe(true);
  child.kill('SIGKILL');
  const deadline = Date.now() + 10_000;
  while ((await answers(connectionString)) && Date.now() < deadline) await wait(50);
  expect(await answers(connectionString)).toBe(false);
});
