import { duration, moment } from './engine-text.ts';
import type { Proof } from './proof-result.ts';
import { proofBlock } from './proof-terminal.ts';
import type { AnalysisEntry, NotAnalysedEntry } from './result.ts';
import { clip, visibleLine } from './visible.ts';

/** What one migration took on one database, for people. */
export function analysisText(
  analysis: AnalysisEntry,
  told: {
    readonly proof?: Proof | undefined;
    readonly notAnalysed?: readonly NotAnalysedEntry[] | undefined;
    readonly width: number;
    readonly colour: boolean;
  },
): string {
  const { migrationId, name, environment, standing, runs, notes } = analysis;
  const where = environment === undefined ? '' : ` on ${visibleLine(environment)}`;
  const blocks = [
    `${visibleLine([migrationId, name].filter(Boolean).join(' '))}${where}${standing === undefined ? '' : `: ${standing}`}`,
    runs.length === 0 ? 'runs: none' : `runs:\n${runs.map(runLine).join('\n')}`,
    ...estimateLines(analysis),
    ...statementLines(analysis, told.width),
    ...notes.map((note) => `note: ${note}`),
  ];
  const paint = told.colour
    ? (code: string, text: string): string => `\u001b[${code}m${text}\u001b[0m`
    : (_: string, text: string): string => text;
  if (told.proof) blocks.push(proofBlock(told.proof, { paint, width: told.width }));
  for (const { file, line, reason } of told.notAnalysed ?? [])
    blocks.push(`not analysed: ${visibleLine(file)}:${line} ${visibleLine(reason)}`);
  return `${blocks.join('\n')}\n`;
}

function runLine(run: AnalysisEntry['runs'][number]): string {
  const { direction, status, at, durationMs, lockWaitMs, executedBy, host, statements, of } = run;
  const took = durationMs === undefined ? 'no time was written down' : duration(durationMs);
  const waited = lockWaitMs > 0 ? `, ${duration(lockWaitMs)} of it waiting for locks` : '';
  const rest = [
    `by ${visibleLine(executedBy)} on ${visibleLine(host)}`,
    ...(run.pullRequest === undefined ? [] : [`#${visibleLine(run.pullRequest)}`]),
    ...(run.gitSha === undefined ? [] : [visibleLine(run.gitSha).slice(0, 12)]),
    `airlock ${visibleLine(run.toolVersion)}`,
  ];
  const stopped = status === 'failed' || status === 'running' ? `, ${statements} of ${of} statements` : '';
  const error = run.error === undefined ? '' : `\n      ${visibleLine(run.error)}`;
  return `  ${direction === 'up' ? '↑' : '↓'} ${moment(at)}  ${status}  ${took}${waited}${stopped}  (${rest.join(', ')})${error}`;
}

function estimateLines({ estimatedMs, actualMs }: AnalysisEntry): string[] {
  if (estimatedMs === undefined) return ['estimate: its metadata gives none'];
  const said = `estimate: ${duration(estimatedMs)} by its metadata`;
  if (actualMs === undefined) return [`${said}; it never came to its end here`];
  const times = estimatedMs > 0 ? actualMs / estimatedMs : 1;
  const ratio = times < 0.1 ? ', less than a tenth of that' : `, ${times.toFixed(1)} times that`;
  return [`${said}; it took ${duration(actualMs)} without waiting for locks${ratio}`];
}

/** Columns before a statement's text. */
const HANG = 42;

function statementLines({ statements }: AnalysisEntry, width: number): string[] {
  if (statements.length === 0) return [];
  const whole = statements.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const lines = statements.map(({ number, line, text, durationMs }) => {
    const share = whole > 0 ? `${Math.round((100 * durationMs) / whole)} %` : '';
    const place = line === undefined ? '' : `line ${line}`;
    const said = text === undefined ? '' : clip(visibleLine(text), Math.max(width - HANG, 24));
    return `  ${String(number).padStart(4)}  ${place.padEnd(9)} ${duration(durationMs).padStart(12)} ${share.padStart(6)}  ${said}`.trimEnd();
  });
  return ['statements of the newest run that timed them:', ...lines];
}
