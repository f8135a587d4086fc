import { describe, expect, it } from 'vitest';
import { readEvent } from '../../src/action/event.ts';

const sha = (digit: string): string => digit.repeat(40);
const side = (digit: string, repo: string | null) => ({
  sha: sha(digit),
  ref: 'x',
  repo: repo === null ? null : { full_name: repo },
});
const pull = (head: string | null, action = 'opened') => ({
  action,
  pull_request: { number: 7, base: side('a', 'octo/shop'), head: side('b', head) },
});

describe('an event', () => {
  it('of a pull request names both ends', () => {
    expect(readEvent('pull_request', pull('octo/shop'), undefined)).toEqual({
      ok: true,
      event: {
        kind: 'pull-request',
        privileged: false,
        number: 7,
        base: sha('a'),
        head: sha('b'),
        fork: false,
        closed: false,
      },
    });
  });

  it('comes from a fork when the head lies in another repository, or in one that is gone', () => {
    expect(readEvent('pull_request', pull('mallory/shop'), undefined)).toMatchObject({
      event: { fork: true },
    });
    expect(readEvent('pull_request', pull(null), undefined)).toMatchObject({ event: { fork: true } });
  });

  it('is privileged on pull_request_target', () => {
    expect(readEvent('pull_request_target', pull('octo/shop', 'closed'), undefined)).toMatchObject({
      event: { privileged: true, closed: true },
    });
  });

  it('of a push to a new branch has no base', () => {
    const read = readEvent('push', { before: '0'.repeat(40), after: sha('b') }, undefined);
    expect(read).toEqual({
      ok: true,
      event: { kind: 'push', base: undefined, head: sha('b'), deleted: false },
    });
  });

  it('that nobody supports is refused with those that are', () => {
    const read = readEvent('schedule', {}, sha('a'));
    expect(read).toMatchObject({ ok: false, reasonCode: 'event-unsupported' });
    expect(read.ok ? '' : read.message).toContain('merge_group');
  });

  it.each([
    ['pull_request', { pull_request: { number: '7' } }],
    ['push', { before: '--upload-pack=evil', after: sha('b') }],
    ['merge_group', null],
  ])('%s with a payload of another shape is refused, with the place', (name, payload) => {
    const read = readEvent(name, payload, undefined);
    expect(read).toMatchObject({ ok: false, reasonCode: 'usage' });
    expect(read.ok ? '' : read.message).toMatch(/wrong or missing: \S/);
  });

  it('by hand stands at GITHUB_SHA, which must be a commit', () => {
    expect(readEvent('workflow_dispatch', {}, sha('c'))).toEqual({
      ok: true,
      event: { kind: 'manual', head: sha('c') },
    });
    expect(readEvent('workflow_dispatch', {}, 'main')).toMatchObject({ ok: false });
  });
});
