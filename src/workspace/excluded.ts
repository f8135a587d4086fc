/** Characters. The time for a wildcard grows with the path; a longer one is not left out but checked. */
const LONGEST_PATH = 1_024;

/**
 * Whether a path relative to the repository root matches one of the globs of `exclude`; undefined where there are
 * none. The matcher is loaded only then: start-up time is benchmarked.
 */
export async function excludedBy(globs: readonly string[]): Promise<((path: string) => boolean) | undefined> {
  if (globs.length === 0) return undefined;
  const { default: picomatch } = await import('picomatch');
  const matches = picomatch([...globs], { dot: true });
  return (path) => path.length <= LONGEST_PATH && matches(path);
}
