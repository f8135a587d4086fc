import type { ServerProgress } from '../engine/server-progress.ts';
import { thousands } from './order.ts';
import type { ExecutionEntry, LossEntry, Result, StatusEntry } from './result.ts';
import { visible, visibleLine } from './visible.ts';

/** One line about what became of one migration. */
export function executionLine(entry: ExecutionEntry): string {
  const what = `${entry.direction === 'up' ? '↑' : '↓'} ${visibleLine(entry.migrationId)} ${visibleLine(entry.name)}`;
  const wait = entry.lockWaitMs > 0 ? `, ${duration(entry.lockWaitMs)} of it waiting for locks` : '';
  switch (entry.status) {
    case 'applied':
      return `${what}  applied in ${duration(entry.durationMs)}${wait}\n`;
    case 'rolled-back':
      return entry.forced
        ? `${what}  RECORDED as rolled back; nothing was run\n`
        : `${what}  rolled back in ${duration(entry.durationMs)}${wait}\n`;
    case 'unknown':
      return `${what}  NOT KNOWN: ${visible(entry.error ?? '')}\n`;
    case 'failed': {
      const place = entry.file === undefined ? '' : `${visibleLine(entry.file)}:${entry.line} `;
      const left = entry.undone
        ? 'nothing of it is left in the database'
        : `${entry.statements} of ${entry.of} statements were done`;
      return `${what}  FAILED after ${duration(entry.durationMs)}${wait}: ${left}\n  ${place}${indented(visible(entry.error ?? ''))}\n`;
    }
  }
}

/** What a run found of changes past it. */
export function driftText(drift: NonNullable<Result['drift']>): string {
  if (drift.status === 'unknown')
    return `warning: whether anything was changed by hand since the last run cannot be told: ${visible(drift.because ?? '')}\n`;
  const { differences = [], since = '' } = drift;
  const [what, it] = differences.length === 1 ? ['thing is', 'it'] : ['things are', 'them'];
  return `warning: ${differences.length} ${what} not as the last run left ${it} (${visibleLine(moment(since))}); this run goes on with ${it}:\n${differences.map((line) => `  ${visibleLine(line)}\n`).join('')}`;
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/** 12 ms, 3.4 s, 2 min 5 s. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Times as the server writes them, to the second: whoever reads it at night compares hours. */
export function moment(time: string): string {
  return time.replace(/(\d\d:\d\d:\d\d)\.\d+/g, '$1');
}

/** Columns of a bar. */
const BAR = 20;

/** "CREATE INDEX, building index: scanning table ████████░░░░░░░░░░░░ 42 % (1,234 of 2,938 blocks)". */
export function serverProgressText({ command, phase, done, of, unit }: ServerProgress): string {
  const what = [command, phase].filter(Boolean).join(', ');
  if (of === undefined) return `${what} (${thousands(done)} ${unit})`;
  const share = of === 0 ? 0 : done / of;
  const full = Math.round(share * BAR);
  return `${what} ${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${Math.floor(share * 100)} % (${thousands(done)} of ${thousands(of)} ${unit})`;
}

/** What a rollback loses, one line each; empty where it is nothing that the SQL says itself. */
export function lossesText(losses: readonly LossEntry[]): string {
  const what = { table: 'the table', column: 'the values of', rows: 'rows of' } as const;
  return losses
    .map(({ migrationId, kind, name, rows }) => {
      const many = rows === undefined ? 'rows that nobody has counted' : `about ${thousands(rows)} rows`;
      return `loses: ${what[kind]} ${visibleLine(name)}, ${many} (${visibleLine(migrationId)})\n`;
    })
    .join('');
}

export function planText(plan: NonNullable<Result['plan']>, direction: 'up' | 'down'): string {
  if (plan.migrations.length === 0) return 'nothing to do\n';
  const lines = plan.migrations.map(
    ({ id, name, file, reversible }) =>
      `  ${direction === 'up' ? '↑' : '↓'} ${visibleLine(id)} ${visibleLine(name)}  ${visibleLine(file)}${reversible ? '' : '  (no down)'}`,
  );
  const where = plan.environment === undefined ? '' : ` on ${visibleLine(plan.environment)}`;
  return `plan${where}: ${plan.migrations.length} ${plan.migrations.length === 1 ? 'migration' : 'migrations'}, digest ${plan.digest}\n${lines.join('\n')}\n`;
}

export function statusText(status: StatusEntry, verbose: boolean): string {
  const lines: string[] = [];
  const { lease, migrations } = status;
  if (lease) {
    const alive = { yes: '', no: ' (dead)', unknown: '' }[lease.alive];
    lines.push(
      `lease: airlock ${visibleLine(lease.command)} of ${visibleLine(lease.executedBy)} on ${visibleLine(lease.host)}, process ${lease.processId}, since ${moment(lease.acquiredAt)}${alive}`,
    );
  }
  if (status.systemSchema === undefined)
    lines.push('no migration has run here yet: the system tables are not there');
  const counts = new Map<string, number>();
  for (const { standing } of migrations) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  const shown = verbose
    ? migrations
    : migrations.filter(({ standing, outOfOrder }) => outOfOrder || !QUIET.has(standing));
  for (const each of shown) lines.push(standingLine(each));
  const hidden = migrations.length - shown.length;
  if (hidden > 0) lines.push(`  … and ${hidden} applied (--verbose shows them)`);
  lines.push(
    migrations.length === 0
      ? 'there is no migration'
      : [...counts].map(([standing, count]) => `${count} ${standing}`).join(', '),
  );
  return `${lines.join('\n')}\n`;
}

const QUIET: ReadonlySet<string> = new Set(['applied', 'baselined']);

function standingLine(each: StatusEntry['migrations'][number]): string {
  const { id, name, standing, outOfOrder, at, error } = each;
  const notes = [
    ...(outOfOrder ? ['out of order'] : []),
    ...(at === undefined ? [] : [moment(at)]),
    ...doneText(each),
    ...(error === undefined ? [] : [visibleLine(error)]),
  ];
  return `  ${standing.padEnd(9)} ${visibleLine(id)} ${visibleLine(name)}${notes.length > 0 ? `  (${notes.join('; ')})` : ''}`;
}

/** How far a run came, and in which statement it was: that one may have been done or not. */
function doneText({
  standing,
  statementsDone,
  statementsTotal,
  statementsBegun = 0,
}: StatusEntry['migrations'][number]): readonly string[] {
  if (statementsDone === undefined || (statementsDone === 0 && standing !== 'running')) return [];
  const of = statementsTotal === undefined ? '' : ` of ${statementsTotal}`;
  return [
    `${statementsDone}${of} statements done`,
    ...(standing === 'running' && statementsBegun > statementsDone
      ? [`statement ${statementsBegun} was begun`]
      : []),
  ];
}
