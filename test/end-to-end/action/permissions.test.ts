import { describe, expect, it } from 'vitest';
import { standInToken } from '../../github-stand-in/server.ts';
import { blockingIndex, deliver, jsonColumn, merged, openPullRequest } from './pull-request.ts';
import { emptyFolder } from './workspace.ts';

const index = { ...merged, 'migrations/20260601090000_index_orders_placed_at.sql': blockingIndex };

describe.concurrent('a token that may not write', () => {
  it('on a pull request from a fork leaves workflow commands and a warning, and the verdict as it is', async () => {
    const scene = await openPullRequest({
      ...index,
      'migrations/20260601091000_add_orders_payload.sql': jsonColumn,
    });
    scene.repository.refused.add('checks').add('pull-requests');
    const end = await deliver(scene, { fork: true });
    expect(end.outputs['reason-code'], end.log).toBe('findings');
    expect(end.code).toBe(1);
    expect(end.log).toMatch(/^::error file=migrations\/20260601090000_index_orders_placed_at\.sql,line=3,/m);
    expect(end.log).toMatch(/^::warning title=Airlock::The comment on the pull request was not written/m);
    expect(end.outputs).toMatchObject({ 'comment-url': '', 'check-url': '' });
    expect(end.summary).toContain('create-index-concurrently');
  });

  it('does not make a run fail whose findings do not', async () => {
    const scene = await openPullRequest(index);
    scene.repository.refused.add('checks').add('pull-requests');
    const end = await deliver(scene, { fork: true, inputs: { 'fail-on': 'never' } });
    expect(end.code, end.log).toBe(0);
    expect(end.outputs['reason-code']).toBe('findings');
  });

  it('may refuse forks altogether', async () => {
    const scene = await openPullRequest(index);
    const end = await deliver(scene, { fork: true, inputs: { forks: 'refuse' } });
    expect(end.code).toBe(1);
    expect(end.outputs['reason-code']).toBe('fork-refused');
  });

  it('and may not read either sends the Action to git', async () => {
    const scene = await openPullRequest(index);
    scene.repository.refused.add('contents');
    scene.repository.faults.push({
      method: 'GET',
      path: /\/files$/,
      times: 9,
      status: 403,
      message: 'Resource not accessible by integration',
    });
    const end = await deliver(scene);
    expect(end.outputs['reason-code'], end.log).toBe('findings');
    expect(end.log).toContain('git named 1 changed file, as');
  });

  it('and has no checkout says what is missing', async () => {
    const scene = await openPullRequest(index);
    scene.repository.refused.add('contents');
    const end = await deliver(scene, { folder: emptyFolder() });
    expect(end.code).toBe(1);
    expect(end.outputs['reason-code'], end.log).toBe('github-failed');
    expect(end.log).toContain('contents: read');
  });
});

describe.concurrent('the token', () => {
  it('appears nowhere but in the mask', async () => {
    const secret = {
      ...merged,
      'migrations/20260601090000_x.sql': blockingIndex.replace('placed_at)', `placed_at) -- ${standInToken}`),
    };
    const scene = await openPullRequest(secret);
    const end = await deliver(scene);
    expect(end.log.replace(`::add-mask::${standInToken}`, '')).not.toContain(standInToken);
    expect(JSON.stringify([end.result, end.summary, end.sarif, scene.repository.checkRuns])).not.toContain(
      standInToken,
    );
    expect(scene.repository.comments.get(7)?.[0]?.body).not.toContain(standInToken);
  });

  it('may be left out: changes come from git, findings go to the log', async () => {
    const scene = await openPullRequest(index);
    const end = await deliver(scene, { inputs: { 'github-token': ' ' } });
    expect(end.outputs['reason-code'], end.log).toBe('findings');
    expect(end.log).toMatch(/^::error file=/m);
    expect(scene.github.requests).toEqual([]);
  });
});
