const LONGEST_GLOB = 500;

/** What is wrong with a glob: that it is none, or that matching it could take more than a moment. */
export function globProblem(glob: string): string | undefined {
  if (glob.trim() === '') return 'is empty; write a glob like legacy/**';
  if (glob.length > LONGEST_GLOB) return `is longer than ${LONGEST_GLOB} characters`;
  const plain = glob.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]/g, 'x');
  if (/[()]/.test(plain)) return 'holds a group in parentheses; write {a,b}, or several globs';
  if ((plain.match(/\{/g)?.length ?? 0) > 3 || /\{[^}]*\{/.test(plain))
    return 'holds more than 3 groups in braces, or one inside of another; write several globs';
  const parts = plain.split('/');
  if (parts.filter((part) => part.includes('**')).length > 3)
    return 'holds ** more than 3 times; write it with fewer';
  if (parts.some((part) => (part.match(/\*+|\+/g)?.length ?? 0) > 4))
    return 'holds more than 4 wildcards between two /; write it with fewer';
  return undefined;
}
