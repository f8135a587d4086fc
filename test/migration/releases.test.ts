import { describe, expect, it } from 'vitest';
import { compareVersions, nextVersion, parseVersion } from '../../src/migration/versions.ts';

describe('semantic versions', () => {
  it('come in the order of the specification', () => {
    const ordered = [
      '0.9.0',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.2.0',
      '1.10.0',
      '2.0.0',
    ];
    const shuffled = [...ordered].reverse();
    const zero = parseVersion('0.0.0');
    if (!zero) throw new Error('it is one');
    shuffled.sort((left, right) => compareVersions(parseVersion(left) ?? zero, parseVersion(right) ?? zero));
    expect(shuffled).toEqual(ordered);
  });

  it('are refused where they are none', () => {
    for (const text of ['1', '1.2', '01.2.3', 'v1.2.3', '1.2.3-', '1.2.3-01', '1.2.3 ', '1.2.3\n', ''])
      expect(parseVersion(text), text).toBeUndefined();
    expect(parseVersion('1.2.3-x.7+build.5')).toEqual({ numbers: [1, 2, 3], prerelease: ['x', '7'] });
  });

  it('are followed by the one that a change asks for', () => {
    const following = (text: string, bump: 'major' | 'minor' | 'patch') =>
      nextVersion(parseVersion(text), bump);
    expect(following('1.2.3', 'major')).toBe('2.0.0');
    expect(following('1.2.3', 'minor')).toBe('1.3.0');
    expect(following('1.2.3', 'patch')).toBe('1.2.4');
    expect(following('2.0.0-rc.1', 'major')).toBe('2.0.0');
    expect(nextVersion(undefined, 'patch')).toBe('1.0.0');
  });
});
