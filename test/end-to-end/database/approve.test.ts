import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { CLI, parsed, run } from '../cli/run-cli.ts';
import { BOOKS, FAILS, migration, openScene, type Scene } from './scene.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const KEY = { APPROVAL_KEY: '0123456789abcdef0123456789abcdef' };
const configuration = (approvals: string, more = ''): string => `directory: migrations
${more}environments:
  production: { requireApproval: ${approvals}, skipBackup: true }
  staging: { requireApproval: ${approvals}, skipBackup: true }
`;

const guarded = (approvals = 'true', more = ''): Promise<Scene> =>
  openScene(server.connectionString, {
    ...BOOKS,
    'migration.config.yml': configuration(approvals, more),
  });

const env = ['--env', 'production'];

async function digestOf(scene: Scene, args: readonly string[] = ['plan']): Promise<string> {
  return parsed(await scene.run([...args, ...env, '--json'])).plan?.digest ?? '';
}

async function tokenFor(scene: Scene, digest: string, ...more: readonly string[]): Promise<string> {
  const { code, out, err } = await scene.run(
    ['approve', ...env, '--plan', digest, '--as', 'grace', ...more],
    KEY,
  );
  expect(err).toContain('approved by grace');
  expect(code).toBe(0);
  return out.trim();
}

describe.concurrent('an environment that asks for approvals', () => {
  it('refuses a run that nobody approved, and says what to type', async () => {
    const scene = await guarded();
    const { code, err } = await scene.run(['up', ...env]);
    expect(code).toBe(5);
    expect(err).toContain(`airlock approve --env production --plan ${await digestOf(scene)}`);
    expect((await scene.run(['up', ...env, '--force'])).code).toBe(5);
    expect((await scene.run(['up', ...env, '--dry-run'])).code).toBe(0);
    expect((await scene.run(['up', ...env, '--dry-run=database'], KEY)).code).toBe(5);
    expect(await scene.column(`SELECT to_regclass('books')::text`)).toEqual([null]);
  });

  it('runs the approved plan, and writes down who approved it and how', async () => {
    const scene = await guarded();
    const token = await tokenFor(scene, await digestOf(scene));
    expect(token).toMatch(/^airlock1\.[\w-]+\.[\w-]+$/);
    const { code, err } = await scene.run(['up', ...env, '--approval', token], KEY);
    expect(code, err).toBe(0);
    const [details] = await scene.column(
      `SELECT details FROM _migration_audit_log WHERE action = 'approved'`,
    );
    expect(JSON.parse(details ?? '')).toMatchObject({ kind: 'token', approvers: ['grace'], direction: 'up' });
  });

  it('takes the token from APPROVAL_TOKEN, and none of .env', async () => {
    const scene = await guarded();
    const token = await tokenFor(scene, await digestOf(scene));
    scene.write('.env', `APPROVAL_KEY=${KEY.APPROVAL_KEY}\nAPPROVAL_TOKEN=${token}\n`);
    expect((await scene.run(['up', ...env])).code).toBe(5);
    const told = await scene.run(['up', ...env], { APPROVAL_TOKEN: token });
    expect(told.err).toContain('.env does not count');
    expect(told.code).toBe(5);
    expect((await scene.run(['up', ...env], { APPROVAL_TOKEN: token, ...KEY })).code).toBe(0);
  });

  it('refuses a token of another plan, environment, key or time', async () => {
    const scene = await guarded();
    const digest = await digestOf(scene);
    const token = await tokenFor(scene, digest);
    const refusal = async (args: readonly string[], key: Readonly<Record<string, string>> = KEY) => {
      const { code, err } = await scene.run(['up', ...args], key);
      expect(code).toBe(5);
      return err;
    };
    expect(await refusal([...env, '--approval', `${token}x`])).toContain('no token that was signed');
    expect(await refusal([...env, '--approval', token], { APPROVAL_KEY: 'x'.repeat(32) })).toContain(
      'no token that was signed',
    );
    expect(await refusal(['--env', 'staging', '--approval', token])).toContain('is for production');
    expect(await refusal([...env, '--steps', '1', '--approval', token])).toContain(
      `is for the plan ${digest}`,
    );
    scene.write(
      'migrations/20260102120000_add_title.sql',
      migration('ALTER TABLE books ADD COLUMN name text;', ''),
    );
    expect(await refusal([...env, '--approval', token])).toContain(`is for the plan ${digest}`);
    expect(await scene.column(`SELECT to_regclass('books')::text`)).toEqual([null]);
  });

  it('voids a token when the history moves', async () => {
    const scene = await guarded();
    const token = await tokenFor(scene, await digestOf(scene));
    expect((await scene.run(['up', ...env, '--approval', token], KEY)).code).toBe(0);
    await scene.run(['down', ...env, '--steps', '2', '--force'], KEY);
    const down = await tokenFor(scene, await digestOf(scene, ['down', '--dry-run', '--steps', '2']));
    // A forced rollback needs one, too.
    expect((await scene.run(['down', ...env, '--steps', '2', '--force'], KEY)).code).toBe(5);
    expect((await scene.run(['down', ...env, '--steps', '2', '--approval', down], KEY)).code).toBe(0);
    const again = await scene.run(['up', ...env, '--approval', token], KEY);
    expect(again.code).toBe(5);
    expect(again.err).toContain('the history of the database moved');
  });

  it('voids a token where another commit is checked out, and knows the commit without GitHub', async () => {
    const scene = await guarded();
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org', ...args], {
        cwd: scene.folder,
        encoding: 'utf8',
      }).trim();
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'books');
    const approved = git('rev-parse', 'HEAD');
    const token = await tokenFor(scene, await digestOf(scene));
    git('commit', '--quiet', '--allow-empty', '-m', 'pushed later');
    const pushed = git('rev-parse', 'HEAD');
    const refused = await scene.run(['up', ...env, '--approval', token], KEY);
    expect(refused.code).toBe(5);
    expect(refused.err).toContain(
      `the approval is for the commit ${approved}, and this checkout is at ${pushed}: a new push voids it.`,
    );
    git('checkout', '--quiet', approved);
    expect((await scene.run(['up', ...env, '--approval', token], KEY)).code).toBe(0);
    expect(await scene.column('SELECT DISTINCT git_sha FROM _migration_history')).toEqual([approved]);
  });

  it('voids a token on another database that the environment names since', async () => {
    const [scene, other] = [await guarded(), await guarded()];
    for (const { run } of [scene, other]) {
      const token = await tokenFor(
        { ...scene, run },
        await digestOf({ ...scene, run }, ['plan', '--steps', '1']),
      );
      expect((await run(['up', ...env, '--steps', '1', '--approval', token], KEY)).code).toBe(0);
    }
    const token = await tokenFor(scene, await digestOf(scene));
    const elsewhere = await other.run(['up', ...env, '--approval', token], KEY);
    expect(elsewhere.code).toBe(5);
    expect(elsewhere.err).toContain('is for another database');
    expect((await scene.run(['up', ...env, '--approval', token], KEY)).code).toBe(0);
  });

  it('voids a token when a down in a file of its own is edited', async () => {
    const scene = await openScene(server.connectionString, {
      'migrations/000001_books.up.sql': 'CREATE TABLE books (id bigint PRIMARY KEY);',
      'migrations/000001_books.down.sql': 'DROP TABLE books;',
      'migration.config.yml': configuration('true', 'layout: golang-migrate\nrunner: airlock\n'),
    });
    const token = await tokenFor(scene, await digestOf(scene));
    scene.write('migrations/000001_books.down.sql', 'DROP TABLE books CASCADE;');
    const refused = await scene.run(['up', ...env, '--approval', token], KEY);
    expect(refused.code).toBe(5);
    expect(refused.err).toContain('the approval is for the plan');
    scene.write('migrations/000001_books.down.sql', 'DROP TABLE books;');
    expect((await scene.run(['up', ...env, '--approval', token], KEY)).code).toBe(0);
  });

  it('lets the remainder of an approved run go on, and nothing besides', async () => {
    const scene = await guarded();
    scene.write(
      'migrations/20260103120000_later.sql',
      migration(
        `DO $$ BEGIN IF to_regclass('ready') IS NULL THEN RAISE 'not ready'; END IF; END $$;`,
        'SELECT 1;',
      ),
    );
    const token = await tokenFor(scene, await digestOf(scene));
    expect((await scene.run(['up', ...env, '--approval', token], KEY)).code).toBe(3);
    await scene.sql('CREATE TABLE ready ()');
    scene.write(
      'migrations/20260104120000_sneaked.sql',
      migration('CREATE TABLE sneaked ();', 'DROP TABLE sneaked;'),
    );
    expect((await scene.run(['up', ...env, '--approval', token], KEY)).code).toBe(5);
    scene.remove('migrations/20260104120000_sneaked.sql');
    const { code, err } = await scene.run(['up', ...env, '--approval', token], KEY);
    expect(code, err).toBe(0);
  });

  it('counts people, knows its approvers, and lets nobody approve what they wrote', async () => {
    const scene = await guarded('2', 'approvers: { users: [grace, linus, ada] }\n');
    const digest = await digestOf(scene);
    const token = await tokenFor(scene, digest);
    const signedAs = async (name: string): Promise<string> =>
      (await scene.run(['approve', ...env, '--plan', digest, '--as', name], KEY)).out.trim();
    const upWith = (...tokens: readonly string[]) =>
      scene.run(['up', ...env, '--approval', tokens.join(',')], KEY);
    expect((await upWith(token, token)).err).toContain('asks for 2 approvals, and one was given');
    expect((await upWith(token, await signedAs('mallory'))).err).toContain(
      'mallory is none of the approvers',
    );
    expect((await upWith(token, await signedAs('ada'))).err).toContain('ada is the author of 20260101120000');
    expect((await upWith(token, await signedAs('linus'))).code).toBe(0);
  });

  it('approves only what could run now', async () => {
    const scene = await guarded();
    const other = await scene.run(['approve', ...env, '--plan', 'a'.repeat(64)], KEY);
    expect(other.code).toBe(6);
    expect((await scene.run(['approve', ...env, '--plan', 'short'], KEY)).code).toBe(2);
    expect((await scene.run(['approve', ...env], KEY)).code).toBe(2);
    const digest = await digestOf(scene);
    expect((await scene.run(['approve', ...env, '--plan', digest])).err).toContain('APPROVAL_KEY is not set');
    const answer = parsed(await scene.run(['approve', ...env, '--plan', digest, '--json'], KEY));
    expect(answer.reasonCode).toBe('approved');
    expect(answer.plan?.migrations).toHaveLength(2);
    expect(answer.approval).toMatch(/^airlock1\./);
  });

  it('takes back what the run itself applied without another approval', async () => {
    const scene = await openScene(server.connectionString, {
      ...BOOKS,
      'migrations/20260103120000_fails.sql': FAILS,
      'migration.config.yml':
        'directory: migrations\nenvironments:\n  production: { requireApproval: true, skipBackup: true, autoRollback: run }\n',
    });
    const token = await tokenFor(scene, await digestOf(scene));
    const { code, err } = await scene.run(['up', ...env, '--approval', token], KEY);
    expect(code, err).toBe(3);
    expect(await scene.column(`SELECT to_regclass('books')::text`)).toEqual([null]);
    expect(await scene.column('SELECT status FROM _migration_rollback_history')).toEqual([
      'rolled_back',
      'rolled_back',
    ]);
    expect(
      await scene.column(`SELECT count(*)::text FROM _migration_audit_log WHERE action = 'approved'`),
    ).toEqual(['1']);
    // What was taken back is not what was approved any more.
    expect((await scene.run(['up', ...env, '--approval', token], KEY)).code).toBe(5);
  });

  const script = existsSync('/usr/bin/script');
  if (!script)
    console.warn('skipped: /usr/bin/script makes the terminal that a name is typed on, and it is not here');
  it.skipIf(!script)('is content with its name, typed on a terminal', async () => {
    const scene = await guarded();
    const typing = (typed: string) =>
      run(
        '/bin/sh',
        [
          '-c',
          `(sleep 2; echo ${typed}) | /usr/bin/script -qec "'${process.execPath}' '${CLI}' up --env production" /dev/null`,
        ],
        { cwd: scene.folder, env: { DATABASE_URL: scene.url, TERM: 'xterm' } },
      );
    const wrong = await typing('staging');
    expect(wrong.code, wrong.out).toBe(5);
    expect(wrong.out).toContain('Its name was not typed');
    const { code, out } = await typing('production');
    expect(code, out).toBe(0);
    const [details] = await scene.column(
      `SELECT details FROM _migration_audit_log WHERE action = 'approved'`,
    );
    expect(JSON.parse(details ?? '').kind).toBe('terminal');
  });

  it('asks GitHub whether reviewers let the job in', async () => {
    const scene = await guarded();
    let rules: unknown[] = [];
    let reviews: unknown[] = [];
    const asked: (string | undefined)[] = [];
    const api = createServer((request, response) => {
      asked.push(request.headers.authorization);
      const body =
        request.url === '/repos/o/r/environments/production' ? { protection_rules: rules } : reviews;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    });
    await new Promise<void>((done) => api.listen(0, '127.0.0.1', done));
    const { port } = api.address() as AddressInfo;
    const job = {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: '7',
      GITHUB_TOKEN: 'ghs_not_to_be_printed',
    };
    const up = () => scene.run(['up', ...env, '--approval', 'github-environment'], job);
    const none = await up();
    expect(none.code).toBe(5);
    expect(none.err).toContain('has no required reviewers');
    rules = [{ type: 'required_reviewers', reviewers: [{ type: 'User' }] }];
    expect((await up()).err).toContain('no reviewer let this workflow run');
    const user = { login: 'grace' };
    reviews = [
      { state: 'approved', environments: [{ name: 'staging' }], user },
      { state: 'rejected', environments: [{ name: 'production' }], user },
    ];
    expect((await up()).code).toBe(5);
    reviews = [{ state: 'approved', environments: [{ name: 'production' }], user }];
    const allowed = await up();
    expect(allowed.code, allowed.err).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['Bearer ghs_not_to_be_printed']));
    expect(`${none.out}${none.err}${allowed.out}${allowed.err}`).not.toContain('ghs_not');
    const [details] = await scene.column(
      `SELECT details FROM _migration_audit_log WHERE action = 'approved'`,
    );
    expect(JSON.parse(details ?? '')).toMatchObject({ kind: 'github-environment', approvers: ['grace'] });
    expect((await scene.run(['down', ...env, '--approval', 'github-environment'])).code).toBe(5);
    api.close();
  });

  it('counts REQUIRE_APPROVAL where the configuration asks for nothing', async () => {
    const scene = await openScene(server.connectionString, {
      ...BOOKS,
      'migration.config.yml': 'directory: migrations\nenvironments:\n  production: { skipBackup: true }\n',
    });
    expect((await scene.run(['up', ...env], { REQUIRE_APPROVAL: 'true' })).code).toBe(5);
    expect((await scene.run(['up', ...env])).code).toBe(0);
  });
});
