import { describe, expect, it } from 'vitest';
import { chooseShadow, type ShadowWish } from '../../src/proof/choose-shadow.ts';

const found = { found: true, because: 'PostgreSQL 16.4 in /bin' };
const none = { found: false, because: 'no PostgreSQL server programs were found on this machine' };
const wish = (given: Partial<ShadowWish>): ShadowWish => ({
  wanted: 'auto',
  otherCi: false,
  binaries: found,
  ...given,
});

describe('auto', () => {
  it.each([undefined, 'pull_request', 'push'])('takes the own PostgreSQL of the machine on %s', (event) => {
    expect(chooseShadow(wish({ event }))).toEqual({ ok: true, kind: 'local', because: found.because });
  });

  it.each([undefined, 'pull_request', 'push'])(
    'takes the embedded one where there is none, on %s',
    (event) => {
      expect(chooseShadow(wish({ event, binaries: none }))).toEqual({
        ok: true,
        kind: 'embedded',
        because: none.because,
      });
    },
  );

  it.each(['merge_group', 'workflow_dispatch', 'schedule'])('takes the embedded one on %s', (event) => {
    expect(chooseShadow(wish({ event }))).toMatchObject({
      kind: 'embedded',
      because: expect.stringContaining(event),
    });
  });

  it('takes the embedded one on another build server', () => {
    expect(chooseShadow(wish({ otherCi: true }))).toMatchObject({ kind: 'embedded' });
  });
});

describe('a kind that is asked for', () => {
  it.each(['pull_request_target', 'issue_comment', 'workflow_run'])(
    'is never one outside of the locked process on %s',
    (event) => {
      for (const wanted of ['auto', 'local', 'url', 'embedded'] as const)
        expect(chooseShadow(wish({ event, wanted }))).toMatchObject({ ok: true, kind: 'embedded' });
      expect(chooseShadow(wish({ event, wanted: 'local' }))).toMatchObject({
        because: expect.stringMatching(new RegExp(`asks for local, and .* ${event}`)),
      });
    },
  );

  it('is taken elsewhere', () => {
    for (const wanted of ['local', 'url', 'embedded'] as const)
      for (const event of [undefined, 'push', 'merge_group'])
        expect(chooseShadow(wish({ event, wanted }))).toMatchObject({ ok: true, kind: wanted });
  });

  it('is refused where it is local and there are no programs, with what to do', () => {
    expect(chooseShadow(wish({ wanted: 'local', binaries: none }))).toEqual({
      ok: false,
      reasonCode: 'shadow-no-binaries',
      reason: expect.stringContaining(none.because),
      next: expect.stringContaining('install PostgreSQL'),
    });
  });
});

describe('a change from a fork', () => {
  it.each(['auto', 'local', 'url', 'embedded'] as const)(
    'never leaves the locked process with %s',
    (wanted) => {
      for (const event of ['pull_request', 'push', undefined])
        expect(chooseShadow(wish({ wanted, event, fork: true }))).toMatchObject({
          ok: true,
          kind: 'embedded',
        });
    },
  );
});
