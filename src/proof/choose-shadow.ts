import type { Shadow } from './shadow.ts';

export interface ShadowWish {
  /** `shadow` of the configuration. */
  readonly wanted: 'auto' | Shadow['kind'];
  /** The event's name in GitHub Actions; undefined outside of them. */
  readonly event?: string | undefined;
  /** The change comes from a fork: a stranger's SQL. */
  readonly fork?: boolean | undefined;
  /** Another machine that nobody sits at. */
  readonly otherCi: boolean;
  readonly binaries: {
    /** PostgreSQL programs that can be used were found. */
    readonly found: boolean;
    /** What was found, in words. */
    readonly because: string;
  };
}

export type ShadowChoice =
  | { readonly ok: true; readonly kind: Shadow['kind']; readonly because: string }
  | {
      readonly ok: false;
      readonly reasonCode: 'shadow-no-binaries';
      readonly reason: string;
      readonly next: string;
    };

/**
 * Events that run with the secrets and the token of the base repository while what they look at may be a stranger's
 * (docs.github.com, "Events that trigger workflows"): its SQL stays in the locked process.
 */
const PRIVILEGED: ReadonlySet<string> = new Set(['pull_request_target', 'issue_comment', 'workflow_run']);
export function isPrivileged(event: string | undefined): boolean {
  return event !== undefined && PRIVILEGED.has(event);
}

/** Where `auto` takes the machine's own PostgreSQL. */
const ORDINARY: ReadonlySet<string> = new Set(['pull_request', 'push']);

/** Which kind of shadow database a proof is made in, and why, for the report. */
export function chooseShadow({ wanted, event, fork, otherCi, binaries }: ShadowWish): ShadowChoice {
  if (fork && wanted !== 'embedded')
    return embedded('a change from a fork is never run outside of the locked process');
  if (isPrivileged(event) && wanted !== 'embedded')
    return embedded(
      wanted === 'auto'
        ? `a change is never run outside of the locked process on ${event}`
        : `the configuration asks for ${wanted}, and a change is never run outside of the locked process on ${event}`,
    );
  if (wanted === 'embedded' || wanted === 'url')
    return { ok: true, kind: wanted, because: 'the configuration asks for it' };
  if (wanted === 'local') {
    if (binaries.found)
      return { ok: true, kind: 'local', because: `the configuration asks for it; ${binaries.because}` };
    return {
      ok: false,
      reasonCode: 'shadow-no-binaries',
      reason: `the configuration asks for a local shadow database, but ${binaries.because}`,
      next: 'install PostgreSQL 15 or newer (Debian and Ubuntu: apt-get install postgresql), or set shadow: auto',
    };
  }
  if (event === undefined ? otherCi : !ORDINARY.has(event))
    return embedded(
      event === undefined
        ? 'on a build server outside of GitHub Actions'
        : `auto takes it on ${event}; shadow: local is possible there`,
    );
  if (!binaries.found) return embedded(binaries.because);
  return { ok: true, kind: 'local', because: binaries.because };
}

function embedded(because: string): ShadowChoice {
  return { ok: true, kind: 'embedded', because };
}
