import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { BOOKS, FAILS, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** A chat that keeps what it is told. */
async function chat(status = 200): Promise<{ url: string; told: Record<string, unknown>[]; server: Server }> {
  const told: Record<string, unknown>[] = [];
  const listening = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      told.push(JSON.parse(text));
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => listening.once('listening', done));
  return {
    url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/s3cret-path`,
    told,
    server: listening,
  };
}

const scene = (more: string, files: Readonly<Record<string, string>> = {}): Promise<Scene> =>
  openScene(server.connectionString, {
    ...BOOKS,
    ...files,
    'migration.config.yml': `directory: migrations
alerts: { webhook: CHAT_WEBHOOK${more} }
environments: { staging: { autoRollback: run } }
`,
  });
const FAILING = { 'migrations/20260103120000_fails.sql': FAILS };
const staging = ['up', '--env', 'staging', '--skip-backup'];

describe.concurrent('alerts', () => {
  it('tell a failed run and what it took back, once, and nothing of a run that went well', async () => {
    const { url, told, server: listening } = await chat();
    const well = await scene('');
    expect((await well.run(staging, { CHAT_WEBHOOK: url })).code).toBe(0);
    expect(told).toEqual([]);
    const failing = await scene('', FAILING);
    const { code, err } = await failing.run(staging, { CHAT_WEBHOOK: url });
    expect(code).toBe(3);
    expect(err).not.toContain('warning: nobody was alerted');
    expect(told).toMatchObject([
      {
        events: ['failed', 'rolled-back'],
        command: 'up',
        environment: 'staging',
        reasonCode: 'migration-failed',
        exitCode: 3,
        migration: { id: '20260103120000', name: 'fails' },
      },
    ]);
    expect(told[0]?.['text']).toMatch(/^airlock up on staging: 20260103120000 fails: a statement failed\./);
    expect(JSON.stringify(told)).not.toContain(new URL(failing.url).password);
    listening.close();
  });

  it('tell only what is asked for', async () => {
    const { url, told, server: listening } = await chat();
    const quiet = await scene(', on: [approval-required]', FAILING);
    expect((await quiet.run(staging, { CHAT_WEBHOOK: url })).code).toBe(3);
    expect(told).toEqual([]);
    expect((await quiet.run(staging, { CHAT_WEBHOOK: url, REQUIRE_APPROVAL: 'true' })).code).toBe(5);
    expect(told).toMatchObject([{ events: ['approval-required'], exitCode: 5 }]);
    listening.close();
  });

  it('that are not taken are a warning without the address, and change no exit code', async () => {
    const failing = await scene('', FAILING);
    const { url, server: listening } = await chat(500);
    const refused = await failing.run(staging, { CHAT_WEBHOOK: url });
    listening.close();
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('warning: nobody was alerted: CHAT_WEBHOOK answered with 500');
    const nowhere = await failing.run(staging, { CHAT_WEBHOOK: 'http://127.0.0.1:1/s3cret-path' });
    expect(nowhere.err).toContain('warning: nobody was alerted: CHAT_WEBHOOK: ');
    expect(nowhere.err).not.toContain('s3cret-path');
    expect((await failing.run(staging)).err).toContain('nobody was alerted: CHAT_WEBHOOK is not set');
  });
});
