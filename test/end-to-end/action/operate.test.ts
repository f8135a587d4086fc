import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, session } from '../../engine/engine-room.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { type ActionEnd, runAction } from './run-action.ts';
import { emptyFolder } from './workspace.ts';

const SHA = 'a'.repeat(40);
const CONFIGURATION = `
directory: migrations
environments:
  staging: { skipBackup: true }
  production: { skipBackup: true, requireApproval: true }
`;
const METADATA = `-- @metadata { "author": "ada", "description": "d", "breakingChange": false, "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": [] }`;
const migration = (up: string, down: string): string => `${METADATA}\n-- UP\n${up}\n-- DOWN\n${down}\n`;
const USERS = migration('CREATE TABLE users (id bigint PRIMARY KEY);', 'DROP TABLE users;');
const ORDERS = migration('CREATE TABLE orders (id bigint PRIMARY KEY);', 'DROP TABLE orders;');
const BREAKS = migration(
  `DO $$ BEGIN RAISE EXCEPTION 'this one <b>breaks</b> @octocat'; END $$;`,
  'SELECT 1;',
);

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop());

interface Scene {
  readonly url: string;
  write(name: string, text: string): void;
  act(inputs: Readonly<Record<string, string>>, event?: string, apiUrl?: string): Promise<ActionEnd>;
}

/** A checkout of two migrations, and an empty database whose address holds a password. */
async function openScene(): Promise<Scene> {
  const folder = emptyFolder();
  const url = await freshDatabase(server.connectionString);
  const { password } = new URL(url);
  expect(password.length).toBeGreaterThan(8);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write('migration.config.yml', CONFIGURATION);
  write('migrations/20260101120000_create_users.sql', USERS);
  write('migrations/20260102120000_create_orders.sql', ORDERS);
  return {
    url,
    write,
    act: async (inputs, event = 'push', apiUrl = 'http://127.0.0.1:9') => {
      const end = await runAction({
        event,
        payload: { before: SHA, after: SHA },
        workspace: folder,
        sha: SHA,
        apiUrl,
        inputs: { 'database-url': url, ...inputs },
      });
      // The runner itself is told the address once, to mask it.
      const log = end.log.replaceAll(/^::add-mask::.*$/gm, '');
      expect(`${log}${end.summary}${JSON.stringify(end.outputs)}${JSON.stringify(end.result)}`).not.toContain(
        password,
      );
      return end;
    },
  };
}

async function tables(url: string): Promise<readonly (string | null)[]> {
  const connection = await session(url);
  const { rows } = await connection.run(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%' ORDER BY 1",
  );
  await connection.close();
  return rows.map(({ tablename }) => tablename ?? null);
}

describe.concurrent('the Action on a database', () => {
  it('plans, applies, opens the gate, tells the status and takes back', async () => {
    const { act, url } = await openScene();

    const plan = await act({ command: 'plan', environment: 'staging' });
    expect(plan.code, plan.log).toBe(0);
    expect(plan.outputs).toMatchObject({ 'reason-code': 'planned', pending: '2', applied: '' });
    expect(plan.outputs['digest']).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.summary).toContain('2 migrations would run on staging');

    const shut = await act({ command: 'gate', environment: 'staging', 'gate-timeout': '0' });
    expect(shut.code).toBe(1);
    expect(shut.log).toContain('2 of 2 migrations of this checkout are not applied to staging');

    const up = await act({ command: 'up', environment: 'staging' });
    expect(up.code, up.log).toBe(0);
    expect(up.outputs).toMatchObject({ 'reason-code': 'applied', applied: '2', pending: '0' });
    expect(up.outputs['digest']).toBe(plan.outputs['digest']);
    expect(up.log).toContain('20260102120000 create_orders  applied in');
    expect(up.summary).toContain('✅ 2 migrations applied to staging');
    expect(await tables(url)).toEqual(['orders', 'users']);

    const again = await act({ command: 'up', environment: 'staging' });
    expect(again).toMatchObject({ code: 0, outputs: { 'reason-code': 'nothing-to-do', applied: '0' } });

    const open = await act({ command: 'gate', environment: 'staging' });
    expect(open).toMatchObject({ code: 0, outputs: { 'reason-code': 'clean', pending: '0' } });

    const down = await act({ command: 'down', environment: 'staging' });
    expect(down.code, down.log).toBe(0);
    expect(down.summary).toContain('1 migration rolled back on staging');
    expect(await tables(url)).toEqual(['users']);

    const status = await act({ command: 'status', environment: 'staging' });
    expect(status).toMatchObject({ code: 0, outputs: { pending: '1' } });
    expect(status.summary).toContain('1 migration applied, and:');
  }, 60_000);

  it('waits at the gate until somebody else has applied them', async () => {
    const { act } = await openScene();
    const gate = act({ command: 'gate', environment: 'staging', 'gate-timeout': '1' });
    const up = await act({ command: 'up', environment: 'staging' });
    expect(up.code, up.log).toBe(0);
    const opened = await gate;
    expect(opened.code, opened.log).toBe(0);
  }, 60_000);

  it('fails with the error where a migration does, and the gate does not wait for it', async () => {
    const { act, write } = await openScene();
    write('migrations/20260103120000_break.sql', BREAKS);
    const up = await act({ command: 'up', environment: 'staging' });
    expect(up.code).toBe(1);
    expect(up.outputs['reason-code'], up.log).toBe('migration-failed');
    expect(up.result.failed).toBe('20260103120000');
    expect(up.summary).toContain('nothing of it is left in the database');
    expect(up.summary).not.toContain('\n@octocat');
    const gate = await act({ command: 'gate', environment: 'staging' });
    expect(gate.code).toBe(1);
    expect(gate.log).toContain('20260103120000 is failed: waiting does not help');
  }, 60_000);

  it('changes nothing on events whose files nobody has reviewed', async () => {
    const { act, url } = await openScene();
    for (const event of ['pull_request', 'pull_request_target', 'issue_comment', 'workflow_run']) {
      const up = await act({ command: 'up', environment: 'staging' }, event);
      expect(up).toMatchObject({ code: 1, outputs: { 'reason-code': 'event-unsupported' } });
      expect(up.log).toContain('dry-run: true shows what would run');
    }
    const dry = await act({ command: 'up', environment: 'staging', 'dry-run': 'true' }, 'pull_request');
    expect(dry.code, dry.log).toBe(0);
    expect(dry.summary).toContain('2 migrations would run on staging');
    expect(dry.result.shadow?.kind).toBe('embedded');
    expect(dry.summary).toContain('all of them run, and their rollbacks restore the schema exactly');
    expect(dry.summary).not.toContain('could not check');
    expect(await tables(url)).toEqual([]);
  }, 60_000);

  it('refuses a plan that nobody approved', async () => {
    const { act, url } = await openScene();
    const up = await act({ command: 'up', environment: 'production' });
    expect(up.code).toBe(1);
    expect(up.outputs['reason-code'], up.log).toBe('approval-required');
    expect(up.outputs['digest']).toMatch(/^[0-9a-f]{64}$/);
    expect(await tables(url)).toEqual([]);
  }, 60_000);

  it('runs what the reviewers of the GitHub environment let in, and nothing where there are none', async () => {
    const { act, url } = await openScene();
    let reviewers: readonly object[] = [];
    const asked: (string | undefined)[] = [];
    const api = createServer((request, response) => {
      asked.push(request.url);
      const answer =
        request.url === '/repos/octo-org/shop/environments/production'
          ? { protection_rules: [{ type: 'required_reviewers', reviewers }] }
          : [{ state: 'approved', environments: [{ name: 'production' }], user: { login: 'grace' } }];
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    await new Promise<void>((done) => api.listen(0, '127.0.0.1', done));
    const { port } = api.address() as AddressInfo;
    const inputs = { command: 'up', environment: 'production', approval: 'github-environment' };
    const up = () => act(inputs, 'push', `http://127.0.0.1:${port}`);
    try {
      const open = await up();
      expect(open).toMatchObject({ code: 1, outputs: { 'reason-code': 'approval-required' } });
      expect(open.log).toContain('has no required reviewers');
      expect(await tables(url)).toEqual([]);
      reviewers = [{ type: 'User' }];
      const allowed = await up();
      expect(allowed.code, allowed.log).toBe(0);
      expect(await tables(url)).toEqual(['orders', 'users']);
      expect(asked).toContain('/repos/octo-org/shop/actions/runs/42/approvals');
    } finally {
      api.close();
    }
  }, 60_000);

  it('says which inputs nobody would listen to', async () => {
    const { act } = await openScene();
    const end = await act({ command: 'status', steps: '1', config: 'other.yml' });
    expect(end.code).toBe(1);
    expect(end.outputs['reason-code']).toBe('usage');
    expect(end.log).toContain('input steps: is for plan, up, down, and command is status');
    expect(end.log).toContain('input config: is for validate, and command is status');
  });
});
