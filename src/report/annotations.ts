import { commandData, commandProperty, neutralise } from './actions-log.ts';
import { plural, tally, worstFirst } from './order.ts';
import type { Finding, Result } from './result.ts';
import { clip, clipBytes, visible, visibleLine } from './visible.ts';

/** GitHub shows no more of one level from one step. */
const PER_LEVEL = 10;
const COMMAND = { error: 'error', warning: 'warning', info: 'notice' } as const;
const LEVEL = { error: 'failure', warning: 'warning', info: 'notice' } as const;

/** Limit of `message` and `raw_details` in the Checks API, bytes. */
const FIELD_LIMIT = 64 * 1024;

/**
 * Workflow commands, one a line, worst first; where there are more findings than GitHub shows, a notice
 * tells how many (and takes one of the ten notices).
 */
export function workflowCommands(findings: readonly Finding[]): string[] {
  const kept = keep(findings, PER_LEVEL);
  const left = findings.length - kept.length === 0 ? kept : keep(findings, PER_LEVEL - 1);
  const lines = left.map(command);
  if (left.length < findings.length) {
    const shown = new Set(left);
    const missing = findings.filter((finding) => !shown.has(finding));
    const text = `${plural(missing.length, 'more finding')} (${tally(missing)}) not shown as annotations: GitHub shows ten of a level for one step. The step summary has them.`;
    lines.push(`::notice title=Airlock::${commandData(text)}`);
  }
  return lines;
}

/** Errors and warnings up to ten of each, notices up to `notices`. */
function keep(findings: readonly Finding[], notices: number): Finding[] {
  const room = { error: PER_LEVEL, warning: PER_LEVEL, info: notices };
  return findings.toSorted(worstFirst).filter((finding) => {
    room[finding.severity] -= 1;
    return room[finding.severity] >= 0;
  });
}

function command(finding: Finding): string {
  const { line, endLine, column, endColumn } = placeOf(finding);
  const properties: [string, string][] = [['title', titleOf(finding)]];
  if (finding.file !== '') {
    properties.unshift(['file', visible(finding.file)], ['line', `${line}`], ['endLine', `${endLine}`]);
    if (column !== undefined) properties.push(['col', `${column}`], ['endColumn', `${endColumn}`]);
  }
  const settings = properties
    .map(([name, value]) => `${name}=${commandProperty(neutralise(value))}`)
    .join(',');
  return `::${COMMAND[finding.severity]} ${settings}::${commandData(clipBytes(textOf(finding), FIELD_LIMIT))}`;
}

/** One annotation of a check run, as `POST /repos/{owner}/{repo}/check-runs` takes it (50 a request). */
export interface CheckAnnotation {
  path: string;
  start_line: number;
  end_line: number;
  /** Only where both ends are on one line: the API takes columns for nothing else. */
  start_column?: number;
  end_column?: number;
  annotation_level: 'failure' | 'warning' | 'notice';
  message: string;
  title: string;
  raw_details?: string;
}

/** All findings, worst first. `excerpt` gives the code for the part of an annotation that is folded away. */
export function checkAnnotations(
  findings: readonly Finding[],
  excerpt?: (finding: Finding) => string | undefined,
): CheckAnnotation[] {
  return findings.toSorted(worstFirst).map((finding) => {
    const { line, endLine, column, endColumn } = placeOf(finding);
    const code = excerpt?.(finding);
    const details = [code, `Why: ${finding.why}`].filter((part) => part !== undefined && part.trim() !== '');
    return {
      path: finding.file,
      start_line: line,
      end_line: endLine,
      ...(column === undefined || endColumn === undefined
        ? {}
        : { start_column: column, end_column: endColumn }),
      annotation_level: LEVEL[finding.severity],
      message: clipBytes(textOf(finding), FIELD_LIMIT),
      title: clip(titleOf(finding), 255),
      raw_details: clipBytes(visible(details.join('\n\n')), FIELD_LIMIT),
    };
  });
}

/** Lines and columns that GitHub accepts: from 1, the end not before the start, the end column the last one meant. */
function placeOf(finding: Finding): { line: number; endLine: number; column?: number; endColumn?: number } {
  const line = Math.max(1, finding.line);
  const endLine = Math.max(line, finding.endLine);
  if (endLine !== line) return { line, endLine };
  const column = Math.max(1, finding.column);
  return { line, endLine, column, endColumn: Math.max(column, finding.endColumn - 1) };
}

function titleOf({ ruleId, stage }: Finding): string {
  return `${visibleLine(ruleId)}${stage === 'executed' ? ' (seen when it ran)' : ''}`;
}

function textOf(finding: Finding): string {
  const parts = [finding.message, finding.fix === '' ? '' : `Instead: ${finding.fix}`, finding.helpUrl];
  return neutralise(visible(parts.filter((part) => part.trim() !== '').join('\n')));
}

/** For `--format github`: the commands, then the summary for whoever reads the log. */
export function renderAnnotations(result: Result, summary: string): string {
  const lines = workflowCommands(result.findings);
  if (summary !== '') lines.push(neutralise(summary));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
