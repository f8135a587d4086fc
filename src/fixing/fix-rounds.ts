import type { Finding, Result } from '../report/result.ts';
import { type CheckedFolder, type FileChange, type PlannedFix, planFixes } from './plan-fixes.ts';

/** A validation, with what a fix needs to know of it. */
export interface Checked {
  readonly result: Result;
  readonly folders: readonly CheckedFolder[];
}

export interface Fixed<C extends Checked> {
  /** With all fixes in. */
  readonly checked: C;
  readonly files: readonly FileChange[];
  readonly done: readonly PlannedFix[];
  /** Fixes that were left out or taken back, one line each, with the reason. */
  readonly left: readonly string[];
}

interface Request<C extends Checked> {
  readonly first: C;
  /** Validates the files as these changes would make them. */
  readonly check: (files: readonly FileChange[]) => Promise<C>;
  readonly now: Date;
}

/** One fix may make room for the next (its place was taken, or it needs what the first one did). */
const MOST_ROUNDS = 10;

/** So many suspects are tried one by one; of more, all are taken back. */
const MOST_TRIALS = 8;

/**
 * Applies fixes in memory, again and again until none is left, and takes back those that bring an error or a warning
 * where none was. Nothing is written.
 */
export async function fixInRounds<C extends Checked>(request: Request<C>): Promise<Fixed<C>> {
  const without = new Set<string>();
  const takenBack: string[] = [];
  for (;;) {
    const fixed = await rounds(request, without);
    const worse = worsened(request.first, fixed);
    const suspects = worse ? suspectsOf(worse, fixed) : [];
    if (!worse || suspects.length === 0) return { ...fixed, left: [...fixed.left, ...takenBack] };
    const culprit =
      suspects.length <= MOST_TRIALS ? await culpritOf(worse, suspects, request, without) : undefined;
    for (const { key, at, title } of culprit ? [culprit] : suspects) {
      without.add(key);
      const place = `${worse.file}:${worse.line}`;
      takenBack.push(
        `${at} ${title}: taken back, because it would bring the ${worse.severity} ${worse.ruleId} at ${place}: ${worse.message}`,
      );
    }
  }
}

async function rounds<C extends Checked>(
  { first, check, now }: Request<C>,
  without: ReadonlySet<string>,
): Promise<Fixed<C>> {
  const files = new Map<string, FileChange>();
  const done: PlannedFix[] = [];
  let checked = first;
  let left: readonly string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const plans = checked.folders.map((folder) => planFixes(folder, now, without));
    left = plans.flatMap((plan) => plan.left);
    const changes = plans.flatMap((plan) => plan.files);
    if (changes.length === 0) break;
    for (const change of changes) {
      const before = files.get(change.path);
      files.set(change.path, before ? { ...before, after: change.after } : change);
    }
    done.push(...plans.flatMap((plan) => plan.done));
    checked = await check([...files.values()]);
  }
  return { checked, files: [...files.values()], done, left };
}

/** The first error or warning that is in the fixed files and was not before; in a new file, that its origin had not. */
function worsened<C extends Checked>(first: C, { checked, done }: Fixed<C>): Finding | undefined {
  const origin = originsOf(done);
  const [before, after] = [tally(first.result.findings), tally(checked.result.findings)];
  return checked.result.findings.find((finding) => {
    if (finding.severity === 'info') return false;
    const from = origin.get(finding.file);
    if (from !== undefined) return !before.has(kindOf({ ...finding, file: from }));
    return (after.get(kindOf(finding)) ?? 0) > (before.get(kindOf(finding)) ?? 0);
  });
}

/** How often each rule speaks up in each file; errors count as warnings, too, so that one that got milder is no news. */
function tally(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = (kind: string): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const finding of findings) {
    if (finding.severity === 'error') count(kindOf({ ...finding, severity: 'warning' }));
    count(kindOf(finding));
  }
  return counts;
}

function kindOf({ severity, ruleId, file }: Finding): string {
  return `${severity} ${ruleId} ${file}`;
}

/** From each file that fixes made to the one that it came out of. */
function originsOf(done: readonly PlannedFix[]): ReadonlyMap<string, string> {
  const origins = new Map<string, string>();
  for (const { file, created } of done)
    for (const path of created) origins.set(path, origins.get(file) ?? file);
  return origins;
}

/** The fixes that had to do with the file of the finding, the last one first; all where none had. */
function suspectsOf<C extends Checked>({ file }: Finding, { done }: Fixed<C>): PlannedFix[] {
  const origin = originsOf(done);
  const family = (path: string): string => origin.get(path) ?? path;
  const near = done.filter((fix) => family(fix.file) === family(file));
  const suspects = (near.length > 0 ? near : done).toReversed();
  return [...new Map(suspects.map((fix) => [fix.key, fix])).values()];
}

/** The one fix without which it does not get worse in this way. */
async function culpritOf<C extends Checked>(
  worse: Finding,
  suspects: readonly PlannedFix[],
  request: Request<C>,
  without: ReadonlySet<string>,
): Promise<PlannedFix | undefined> {
  for (const suspect of suspects) {
    const again = worsened(request.first, await rounds(request, new Set([...without, suspect.key])));
    if (again?.ruleId !== worse.ruleId || again.file !== worse.file) return suspect;
  }
  return undefined;
}
