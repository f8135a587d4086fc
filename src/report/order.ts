import type { Finding, NotAnalysedEntry } from './result.ts';

/** Orders and counts that every format shares, so that none of them tells another story. */
const RANK = { error: 0, warning: 1, info: 2 } as const;

/** By file, then line, column, severity, rule: how a person reads a file. */
export function byPlace(left: Finding, right: Finding): number {
  return (
    compare(left.file, right.file) ||
    left.line - right.line ||
    left.column - right.column ||
    RANK[left.severity] - RANK[right.severity] ||
    compare(left.ruleId, right.ruleId) ||
    compare(left.message, right.message)
  );
}

/** Errors first, then by place: the order in which findings are kept where not all fit. */
export function worstFirst(left: Finding, right: Finding): number {
  return RANK[left.severity] - RANK[right.severity] || byPlace(left, right);
}

/** Files in order, each with its findings in order. */
export function byFile<T extends Finding>(findings: readonly T[]): Map<string, T[]> {
  const files = new Map<string, T[]>();
  for (const finding of findings.toSorted(byPlace)) {
    const group = files.get(finding.file);
    if (group) group.push(finding);
    else files.set(finding.file, [finding]);
  }
  return files;
}

/** Up to this many places of one reason are listed one by one. */
const FEW = 3;

/**
 * What was not analysed, for people: many places with the same reason become one entry with a count, because
 * hundreds of lines that say the same hide the others. Machines get them all.
 */
export function byReason(
  entries: readonly NotAnalysedEntry[],
): { readonly first: NotAnalysedEntry; readonly more: number; readonly reason: string }[] {
  const groups = new Map<string, NotAnalysedEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.reason);
    if (group) group.push(entry);
    else groups.set(entry.reason, [entry]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length <= FEW)
      return group.map((entry) => ({ first: entry, more: 0, reason: entry.reason }));
    return [{ first, more: group.length - 1, reason: first.reason }];
  });
}

/** "3 errors, 1 warning"; empty without findings. */
export function tally(findings: readonly Pick<Finding, 'severity'>[]): string {
  const count = { error: 0, warning: 0, info: 0 };
  for (const finding of findings) count[finding.severity] += 1;
  return [
    count.error && plural(count.error, 'error'),
    count.warning && plural(count.warning, 'warning'),
    count.info && `${thousands(count.info)} info`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** "1 error", "2 errors"; thousands are grouped: 12,345. */
export function plural(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function thousands(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** How many migrations the findings are in: by migration where it is known, else by file. */
export function migrationsConcerned(findings: readonly Finding[]): number {
  return new Set(findings.map((finding) => finding.migrationId ?? finding.file)).size;
}

// Not localeCompare: the same result must give the same bytes on every machine.
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
