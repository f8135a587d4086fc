import { describe, expect, it } from 'vitest';
import { blockingIndex, deliver, merged, nothingWrong, openPullRequest } from './pull-request.ts';

const config = 'migration.config.yml';
const index = { 'migrations/20260601090000_index_orders_placed_at.sql': blockingIndex };

describe.concurrent('the configuration', () => {
  it('is wrong: all problems are told with their place, nothing is checked', async () => {
    const base = { ...merged, [config]: 'failOnn: error\nlayout: flywya\n' };
    const scene = await openPullRequest({ ...base, ...index }, { base });
    const end = await deliver(scene);
    expect(end.code, end.log).toBe(1);
    expect(end.outputs).toMatchObject({ 'reason-code': 'configuration-invalid', risk: 'high' });
    expect(end.log).toContain(`${config}:1:1: `);
    expect(end.log).toContain(`${config}:2:`);
    expect(scene.repository.comments.get(7)?.[0]?.body).toContain('could not check');
    expect(scene.repository.checkRuns[0]?.conclusion).toBe('failure');
  });

  it('is obeyed as the base commit has it; its change is reported', async () => {
    const base = { ...merged, [config]: 'failOn: error\n' };
    const head = { ...merged, ...index, [config]: 'rules:\n  create-index-concurrently: off\n' };
    const end = await deliver(await openPullRequest(head, { base }));
    expect(end.code, end.log).toBe(1);
    const rules = end.result.findings.map(({ ruleId, file }) => `${ruleId} ${file}`);
    expect(rules).toContain(`configuration-changed ${config}`);
    expect(rules.some((line) => line.startsWith('create-index-concurrently'))).toBe(true);
  });

  it('that a change would break is an error before it is merged', async () => {
    const base = { ...merged, [config]: 'failOn: error\n' };
    const head = {
      ...merged,
      'migrations/20260601090000_create_reviews.sql': nothingWrong,
      [config]: 'failOn: sometimes\n',
    };
    const end = await deliver(await openPullRequest(head, { base }));
    expect(end.code, end.log).toBe(1);
    expect(end.result.findings).toContainEqual(
      expect.objectContaining({
        ruleId: 'configuration-changed',
        severity: 'error',
        message: expect.stringContaining('sometimes'),
      }),
    );
  });

  it('switches a rule off for good where the base commit says so', async () => {
    const base = { ...merged, [config]: 'failOn: error\nrules:\n  create-index-concurrently: off\n' };
    const end = await deliver(await openPullRequest({ ...base, ...index }, { base }));
    expect(
      end.result.findings.map(({ ruleId }) => ruleId),
      end.log,
    ).not.toContain('create-index-concurrently');
  });

  it('is not read where the inputs are wrong: all of them are told at once', async () => {
    const scene = await openPullRequest({ ...merged, ...index });
    const end = await deliver(scene, {
      inputs: { comment: 'sometimes', 'fail-on': 'eror', directory: '../up' },
    });
    expect(end.code).toBe(1);
    expect(end.outputs['reason-code']).toBe('usage');
    for (const name of ['comment', 'fail-on', 'directory']) expect(end.log).toContain(`input ${name}: `);
    expect(scene.github.requests).toEqual([]);
  });
});
