import { compareIds } from './ordering.ts';

/** A version as https://semver.org writes it; what stands behind a + is left out of comparisons. */
export interface Version {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly prerelease: readonly string[];
}

const NUMBER = '0|[1-9]\\d{0,14}';
const PART = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const VERSION = new RegExp(
  `^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-(${PART}(?:\\.${PART})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

/** Undefined: it is none. */
export function parseVersion(text: string): Version | undefined {
  const [whole, major, minor, patch, prerelease] = VERSION.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease === undefined ? [] : prerelease.split('.'),
  };
}

/** Precedence, section 11 of https://semver.org. */
export function compareVersions(left: Version, right: Version): number {
  for (const [at, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  const [one, other] = [left.prerelease, right.prerelease];
  // Without a suffix it is the release itself, which comes after all that prepared it.
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    const difference = compareParts(one[at] ?? '', other[at] ?? '');
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function compareParts(left: string, right: string): number {
  const [one, other] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (one && other) return Number(left) - Number(right);
  return one !== other ? (one ? -1 : 1) : compareIds(left, right);
}

export type Bump = 'major' | 'minor' | 'patch';

/** The version after `last`; 1.0.0 where there is none. */
export function nextVersion(last: Version | undefined, bump: Bump): string {
  if (!last) return '1.0.0';
  const [major, minor, patch] = last.numbers;
  // 2.0.0-rc.1 is followed by 2.0.0.
  if (last.prerelease.length > 0) return `${major}.${minor}.${patch}`;
  if (bump === 'major') return `${major + 1}.0.0`;
  return bump === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}
