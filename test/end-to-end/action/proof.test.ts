import { describe, expect, it } from 'vitest';
import { deliver, merged, migration, nothingWrong, openPullRequest } from './pull-request.ts';
import { emptyFolder } from './workspace.ts';

const note = migration(
  'a note for each order',
  "SET lock_timeout = '5s';\nALTER TABLE orders ADD COLUMN note text;",
  'ALTER TABLE orders DROP COLUMN IF EXISTS note;',
);
/** Neither fault can be seen in the text alone. */
const forgetful = migration(
  'orders by channel',
  "SET lock_timeout = '5s';\nCREATE TYPE channel AS ENUM ('web', 'shop');\nALTER TABLE orders ADD COLUMN channel channel;",
  'ALTER TABLE orders DROP COLUMN IF EXISTS channel;',
);
const breaksOnRows = migration(
  'orders have a code',
  "SET lock_timeout = '5s';\nALTER TABLE orders ADD COLUMN code text;\nALTER TABLE orders ADD CONSTRAINT code_there CHECK (code IS NOT NULL) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT code_there;",
  'ALTER TABLE orders DROP COLUMN IF EXISTS code;',
);
const path = (number: number, name: string): string => `migrations/2026060${number}090000_${name}.sql`;
const forgetfulPath = path(2, 'orders_channel');
const rowsPath = path(3, 'orders_code');

describe.concurrent('the proof in the Action', () => {
  it('runs what changed on top of what was merged, and tells of it everywhere', async () => {
    const head = {
      ...merged,
      [path(1, 'orders_note')]: note,
      [forgetfulPath]: forgetful,
      [rowsPath]: breaksOnRows,
    };
    const scene = await openPullRequest(head);
    const end = await deliver(scene);
    expect(end.code, end.log).toBe(1);
    expect(end.outputs).toMatchObject({ 'reason-code': 'findings', risk: 'high', proven: 'true' });

    const { result } = end;
    expect(result.checked).toMatchObject({ migrations: 3, history: 1 });
    expect(result.shadow?.kind, end.log).toMatch(/^(?:local|embedded)$/);
    expect(
      result.proofs?.map(({ migrationId, file, roundTrip, populated }) => [
        migrationId,
        file,
        populated.ok,
        roundTrip.status,
      ]),
    ).toEqual([
      ['20260601090000', path(1, 'orders_note'), true, 'reverts'],
      ['20260602090000', forgetfulPath, true, 'differs'],
      ['20260603090000', rowsPath, false, 'reverts'],
    ]);
    const executed = result.findings.filter(({ stage }) => stage === 'executed');
    expect(executed).toContainEqual(
      expect.objectContaining({ ruleId: 'down-does-not-revert-up', file: forgetfulPath, line: 7 }),
    );
    expect(executed).toContainEqual(
      expect.objectContaining({ ruleId: 'up-fails-on-rows', file: rowsPath, line: 6 }),
    );

    const { comments, checkRuns } = scene.repository;
    const body = comments.get(7)?.[0]?.body ?? '';
    expect(body).toMatch(
      /3 migrations were run up, down and up again on PostgreSQL \d+\.\d+ \((?:local|embedded)\):/,
    );
    expect(body).toMatch(/❌ \*\*20260602090000 orders\\_channel\*\* rollback does not restore the schema/);
    expect(body).toContain('enum channel is left behind');
    expect(body).toContain('<details><summary>✅ <b>20260601090000 orders_note</b>');
    expect(body).toContain('<details open><summary>❌ <b>20260603090000 orders_code</b>');
    expect(body).toMatch(
      /\| \[4\]\(\S+#L4\) \| <code>ALTER TABLE orders ADD COLUMN note text<\/code> \| ACCESS EXCLUSIVE on orders \| reads and writes \|/,
    );
    expect(end.summary).toContain('enum channel is left behind');
    expect(checkRuns[0]?.summary).toContain('enum channel is left behind');
    expect(checkRuns[0]?.annotations).toContainEqual(
      expect.objectContaining({
        path: rowsPath,
        start_line: 6,
        title: 'up-fails-on-rows (seen when it ran)',
      }),
    );

    const [run] = end.sarif.runs;
    expect(run?.results).toContainEqual(
      expect.objectContaining({
        ruleId: 'down-does-not-revert-up',
        message: { text: expect.stringContaining('seen when it ran') },
        properties: expect.objectContaining({ stage: 'executed' }),
      }),
    );
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['up-fails', 'down-does-not-revert-up', 'data-lost-by-rollback']),
    );
  });

  it('is left out where the workflow says so, which the summary says', async () => {
    const scene = await openPullRequest({ ...merged, [forgetfulPath]: forgetful });
    const end = await deliver(scene, { inputs: { proof: 'false' } });
    expect(end.result.proofs).toBeUndefined();
    expect(end.result.findings.filter(({ stage }) => stage === 'executed')).toEqual([]);
    expect(end.summary).toContain('Nothing was run: the input "proof" is false.');
  });

  it('needs no checkout: all earlier migrations come through the API', async () => {
    const scene = await openPullRequest({ ...merged, [forgetfulPath]: forgetful });
    const end = await deliver(scene, { folder: emptyFolder() });
    expect(end.result.proofs, end.log).toHaveLength(1);
    expect(end.result.proofs?.[0]?.up).toMatchObject({ ok: true });
    expect(end.result.notAnalysed).toEqual([]);
  });

  it('never leaves the locked process on pull_request_target, whatever the configuration says', async () => {
    const base = { ...merged, 'migration.config.yml': 'shadow: local\n' };
    const scene = await openPullRequest({ ...base, [forgetfulPath]: forgetful }, { base });
    const end = await deliver(scene, { event: 'pull_request_target', sha: scene.workspace.base });
    expect(end.result.shadow, end.log).toMatchObject({
      kind: 'embedded',
      because: expect.stringContaining('never run outside of the locked process on pull_request_target'),
    });
    expect(end.result.proofs?.[0]).toMatchObject({ shadow: 'embedded', roundTrip: { status: 'differs' } });
  });

  it('runs nothing of a fork, says so, and leaves the verdict to what was found', async () => {
    for (const event of ['pull_request', 'pull_request_target']) {
      const scene = await openPullRequest({ ...merged, [path(1, 'create_reviews')]: nothingWrong });
      const end = await deliver(scene, { event, fork: true });
      expect(end.code, end.log).toBe(0);
      expect(end.result.proofs).toBeUndefined();
      expect(end.result.notAnalysed).toEqual([
        expect.objectContaining({
          reason: expect.stringMatching(/^not proven: nothing of a pull request from a fork is run/),
        }),
      ]);
      expect(end.outputs).toMatchObject({ risk: 'medium', proven: 'false' });
      expect(scene.repository.comments.get(7)?.[0]?.body).toContain(
        '**Not run:** nothing of a pull request from a fork',
      );
    }
  });

  it('runs a fork in the locked process where that is allowed, but never beside secrets', async () => {
    const scene = await openPullRequest({ ...merged, [forgetfulPath]: forgetful });
    const inputs = { forks: 'prove' };
    const end = await deliver(scene, { fork: true, inputs });
    expect(end.result.shadow, end.log).toMatchObject({
      kind: 'embedded',
      because: expect.stringContaining('from a fork'),
    });
    expect(end.outputs.proven).toBe('true');
    const privileged = await deliver(scene, { event: 'pull_request_target', fork: true, inputs });
    expect(privileged.result.proofs).toBeUndefined();
    expect(privileged.result.notAnalysed[0]?.reason).toContain('not proven: ');
  });

  it('that finds no shadow database takes nothing from what was found without it', async () => {
    const base = { ...merged, 'migration.config.yml': 'shadow: postgres://shadow@127.0.0.1:1/shadow\n' };
    const head = { ...base, [path(1, 'create_reviews')]: nothingWrong };
    const scene = await openPullRequest(head, { base });
    const end = await deliver(scene);
    expect(end.code, end.log).toBe(0);
    expect(end.outputs).toMatchObject({
      'reason-code': expect.stringMatching(/^(?:clean|findings)$/),
      risk: 'medium',
    });
    expect(end.result.proofs).toBeUndefined();
    expect(end.result.notAnalysed).toEqual([
      expect.objectContaining({
        file: path(1, 'create_reviews'),
        reason: expect.stringMatching(/^not proven: /),
      }),
    ]);
    expect(scene.repository.comments.get(7)?.[0]?.body).toContain('**Not run:** ');
  });

  it('is prepared by the base commit, and a change of what prepares it is reported', async () => {
    const base = {
      ...merged,
      'migration.config.yml': 'shadow:\n  prepare: [shadow/auth.sql]\n',
      'shadow/auth.sql': 'CREATE SCHEMA auth; CREATE TABLE auth.users (id bigint PRIMARY KEY);',
    };
    const head = {
      ...base,
      'shadow/auth.sql': 'CREATE SCHEMA hostile;',
      [path(1, 'reviews')]: migration(
        'reviews',
        'CREATE VIEW people AS SELECT id FROM auth.users;',
        'DROP VIEW people;',
      ),
    };
    const end = await deliver(await openPullRequest(head, { base }));
    expect(end.result.proofs?.[0]?.up.ok, end.log).toBe(true);
    expect(end.result.findings).toContainEqual(
      expect.objectContaining({ ruleId: 'configuration-changed', file: 'shadow/auth.sql' }),
    );
  });

  it('cannot speak to the runner, mention people or break out of its block through what the server says', async () => {
    const said =
      "'x' || chr(10) || '::error::forged @octocat </details> | <img src=x> https://evil.example #1 ' || repeat('w', 5000)";
    const loud = migration('loud', `DO $$ BEGIN RAISE EXCEPTION '%', ${said}; END $$;`, 'SELECT 1;');
    const scene = await openPullRequest({ ...merged, [path(1, 'loud')]: loud });
    const end = await deliver(scene);
    expect(end.result.proofs?.[0]?.up.error, end.log).toContain('::error::forged');
    expect(end.result.proofs?.[0]?.up.error?.length).toBeLessThan(3_000);
    expect(end.log).not.toMatch(/^\s*::error::forged/m);
    const whole = scene.repository.comments.get(7)?.[0]?.body ?? '';
    // The file itself is shown in fences that it cannot close.
    const body = whole.replace(/^(`{3,})sql\n.*?\n\1$/gms, '');
    expect(body).toContain('forged');
    expect(body).not.toMatch(/@octocat|<img|https:\/\/evil/);
    expect(body.match(/<details/g)).toHaveLength(body.match(/<\/details>/g)?.length ?? 0);
  });
});
