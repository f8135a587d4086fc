import type { FailOn } from '../configuration/configuration.ts';
import { tally } from '../report/order.ts';
import type { Finding, Result } from '../report/result.ts';

const RANK = { error: 3, warning: 2, info: 1 } as const;
const THRESHOLD = { ...RANK, never: 4 } as const;

/** Ends whose findings say what there is to say. */
const JUDGED: ReadonlySet<Result['reasonCode']> = new Set([
  'clean',
  'findings',
  'nothing-to-do',
  'planned',
  'applied',
  'rolled-back',
]);

export interface Verdict {
  /** The job fails. */
  readonly failed: boolean;
  /** One line without markup. */
  readonly title: string;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly risk: 'low' | 'medium' | 'high';
}

/** What a result means for the job. An end by which nothing was judged always fails: silence never means safe. */
export function verdictOf(result: Result, failOn: FailOn): Verdict {
  const { findings, notAnalysed, reasonCode } = result;
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, infos] = [count('error'), count('warning'), count('info')];
  const judged = JUDGED.has(reasonCode);
  const reached = findings.some(({ severity }) => RANK[severity] >= THRESHOLD[failOn]);
  const medium = warnings > 0 || notAnalysed.length > 0;
  return {
    failed: !judged || reached,
    title: judged ? titleOf(result) : `Not checked: ${reasonCode}`,
    errors,
    warnings,
    infos,
    risk: !judged || errors > 0 ? 'high' : medium ? 'medium' : 'low',
  };
}

function titleOf({ findings, notAnalysed, reasonCode }: Result): string {
  if (findings.length > 0) return tally(findings);
  if (reasonCode === 'nothing-to-do') return 'No migrations to check';
  return notAnalysed.length > 0
    ? `No problems found, ${notAnalysed.length} not analysed`
    : 'No problems found';
}

/** A result that holds nothing but how the run ended. */
export function ending(reasonCode: Result['reasonCode'], message: string, next?: string): Result {
  const empty = { findings: [], refuted: [], ignores: [], notAnalysed: [] };
  return { schemaVersion: 1, reasonCode, message, ...(next === undefined ? {} : { next }), ...empty };
}

/** The same result with further findings in it. */
export function withFindings(result: Result, more: readonly Finding[]): Result {
  if (more.length === 0) return result;
  const judged = result.reasonCode === 'clean' || result.reasonCode === 'nothing-to-do';
  const reasonCode = judged ? 'findings' : result.reasonCode;
  return { ...result, reasonCode, findings: [...result.findings, ...more] };
}
