import { describe, expect, it } from 'vitest';
import { blockingIndex, deliver, merged, openPullRequest } from './pull-request.ts';
import { emptyFolder } from './workspace.ts';

const index = { ...merged, 'migrations/20260601090000_index_orders_placed_at.sql': blockingIndex };

describe.concurrent('the Action', () => {
  it('reads the head of a pull_request_target as data and checks nothing out', async () => {
    const config = 'migration.config.yml';
    const loose = 'rules:\n  create-index-concurrently: off\n';
    const scene = await openPullRequest(
      { ...index, [config]: loose },
      { base: { ...merged, [config]: 'failOn: warning\n' } },
    );
    const end = await deliver(scene, { event: 'pull_request_target', sha: scene.workspace.base });
    expect(end.code, end.log).toBe(1);
    expect(end.log).toContain('nothing of that commit was checked out or run');
    const rules = end.result.findings.map(({ ruleId }) => ruleId);
    expect(rules).toContain('create-index-concurrently');
    expect(rules).toContain('configuration-changed');
    expect(scene.github.requests.some((line) => line.includes('/git/blobs/'))).toBe(false);
  });

  it('downloads what the checkout does not hold', async () => {
    const scene = await openPullRequest(index);
    const end = await deliver(scene, {
      event: 'pull_request_target',
      sha: scene.workspace.base,
      folder: emptyFolder(),
    });
    expect(end.outputs['reason-code'], end.log).toBe('findings');
    expect(end.result.checked).toMatchObject({ migrations: 1, history: 1 });
    expect(scene.github.requests.filter((line) => line.includes('/git/blobs/'))).toHaveLength(2);
  });

  it('judges a merge group against its base, by trees, with a check and no comment', async () => {
    const scene = await openPullRequest(index);
    const { base, head } = scene.workspace;
    const payload = { action: 'checks_requested', merge_group: { base_sha: base, head_sha: head } };
    const end = await deliver(scene, { event: 'merge_group', payload, sha: head });
    expect(end.outputs['reason-code'], end.log).toBe('findings');
    expect(end.result.checked?.migrations).toBe(1);
    expect(scene.repository.checkRuns[0]?.headSha).toBe(head);
    expect(scene.repository.comments.get(7)).toBeUndefined();
  });

  it('judges what was pushed', async () => {
    const scene = await openPullRequest(index);
    const { base, head } = scene.workspace;
    const end = await deliver(scene, { event: 'push', payload: { before: base, after: head }, sha: head });
    expect(end.result.checked?.migrations, end.log).toBe(1);
    expect(end.code).toBe(1);
  });

  it('checks every migration when it is started by hand, and says so', async () => {
    const scene = await openPullRequest(index);
    const end = await deliver(scene, { event: 'workflow_dispatch', payload: {}, sha: scene.workspace.head });
    expect(end.result.checked?.migrations, end.log).toBe(2);
    expect(end.summary).toContain('every migration was checked');
  });

  it('refuses an event that says nothing about a change', async () => {
    const scene = await openPullRequest(index);
    const end = await deliver(scene, { event: 'issues', payload: {} });
    expect(end.code).toBe(1);
    expect(end.outputs['reason-code']).toBe('event-unsupported');
    expect(end.log).toContain('pull_request');
    expect(scene.github.requests).toEqual([]);
  });

  it('works on GitHub Enterprise Server', async () => {
    const scene = await openPullRequest(index, { basePath: '/api/v3' });
    const end = await deliver(scene);
    expect(end.outputs['reason-code'], end.log).toBe('findings');
    expect(scene.repository.checkRuns).toHaveLength(1);
    expect(scene.repository.comments.get(7)).toHaveLength(1);
    expect(scene.github.requests.every((line) => / \/api\/(v3\/|graphql)/.test(line))).toBe(true);
  });

  it('waits for a rate limit, tries again after a 502, and does not write twice what was written', async () => {
    const scene = await openPullRequest(index);
    const now = String(Math.floor(Date.now() / 1000));
    scene.repository.faults.push(
      { method: 'GET', path: /\/files$/, times: 1, status: 502, message: 'Bad Gateway' },
      {
        method: 'GET',
        path: /\/contents\//,
        times: 1,
        status: 403,
        message: 'API rate limit exceeded',
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': now },
      },
      {
        method: 'POST',
        path: /\/check-runs$/,
        times: 1,
        status: 403,
        message: 'You have exceeded a secondary rate limit',
        headers: { 'retry-after': '1' },
      },
      { method: 'POST', path: /\/comments$/, times: 1, status: 502, message: 'Bad Gateway', after: true },
    );
    const end = await deliver(scene);
    expect(end.outputs['reason-code'], end.log).toBe('findings');
    expect(scene.repository.checkRuns).toHaveLength(1);
    expect(scene.repository.comments.get(7)).toHaveLength(1);
    expect(end.outputs['comment-url']).not.toBe('');
    expect(scene.repository.faults.every(({ times }) => times === 0)).toBe(true);
  });
});
