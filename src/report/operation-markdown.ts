import { duration, moment } from './engine-text.ts';
import { renderMarkdown } from './markdown.ts';
import { code, fence, inline, prose } from './markdown-text.ts';
import { plural } from './order.ts';
import type { Redactor } from './redact.ts';
import type { ExecutionEntry, Result, StatusEntry } from './result.ts';

export interface OperationHead {
  /** One line without markup. */
  readonly title: string;
  readonly failed: boolean;
  readonly redact: Redactor;
}

/** Bytes for what validation and proof say, of the 1 MiB that a step summary holds. */
const REPORT = 500_000;

/** Rows of a table; a step summary holds 1 MiB. */
const MOST = 500;

/** The step summary of a command that was about a database: what was done, and what to do next. */
export function operationMarkdown(result: Result, { title, failed, redact }: OperationHead): string {
  const { message, next, plan, executions, status } = result;
  const blocks = [
    `### ${failed ? '🛑' : isOpen(status) ? '⚠️' : '✅'} ${inline(title)}`,
    message === undefined ? '' : prose(message),
    next === undefined ? '' : `**Next:** ${code(next, 400)}`,
    // What went wrong comes before the long list of what did not.
    ...(executions ?? []).flatMap((entry) => (entry.error === undefined ? [] : [failure(entry, redact)])),
    executions && executions.length > 0 ? executionTable(executions) : '',
    plan && executions === undefined ? planTable(plan) : '',
    status ? statusTable(status) : '',
    // A dry run, and a run that findings stopped.
    result.checked ? renderMarkdown(checkOf(result), { maxLength: REPORT, redact }) : '',
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function isOpen(status: StatusEntry | undefined): boolean {
  return status?.migrations.some(({ standing }) => standing === 'failed' || standing === 'running') ?? false;
}

/** What was found, as the check of a pull request tells it. */
function checkOf({ message: _, next: __, ...result }: Result): Result {
  return { ...result, reasonCode: result.findings.length > 0 ? 'findings' : 'clean' };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const more = rows.length > MOST ? `\n\n… and ${rows.length - MOST} more` : '';
  return [line(head), line(head.map(() => '---')), ...rows.slice(0, MOST).map(line)].join('\n') + more;
}

const SIGNS = { applied: '✅', 'rolled-back': '↩️', failed: '🛑', unknown: '❓' } as const satisfies Record<
  ExecutionEntry['status'],
  string
>;

function executionTable(executions: readonly ExecutionEntry[]): string {
  return table(
    ['', 'Migration', 'Became', 'Time', 'Waited for locks', 'Statements'],
    executions.map(({ migrationId, name, status, forced, durationMs, lockWaitMs, statements, of }) => [
      SIGNS[status],
      `**${inline(migrationId, 80)}** ${inline(name, 120)}`,
      forced ? 'recorded as rolled back; nothing was run' : status,
      duration(durationMs),
      lockWaitMs > 0 ? duration(lockWaitMs) : '–',
      `${statements} of ${of}`,
    ]),
  );
}

function failure(entry: ExecutionEntry, redact: Redactor): string {
  const place = entry.file === undefined ? inline(entry.migrationId) : code(`${entry.file}:${entry.line}`);
  const left = entry.undone
    ? 'nothing of it is left in the database'
    : `${entry.statements} of ${entry.of} statements were done`;
  return `${place}: ${left}\n\n${fence(redact(entry.error ?? ''), 'text')}`;
}

function planTable({ digest, migrations }: NonNullable<Result['plan']>): string {
  if (migrations.length === 0) return '';
  const rows = migrations.map(({ id, name, file, reversible }) => [
    `**${inline(id, 80)}** ${inline(name, 120)}`,
    code(file),
    reversible ? 'yes' : '**no down**',
  ]);
  return `${table(['Migration', 'File', 'Can be taken back'], rows)}\n\nPlan digest ${code(digest)}`;
}

/** Those that are applied are counted; the others are shown. */
function statusTable({ migrations, lease }: StatusEntry): string {
  const quiet = migrations.filter(
    ({ standing, outOfOrder }) => !outOfOrder && (standing === 'applied' || standing === 'baselined'),
  );
  const shown = migrations.filter((each) => !quiet.includes(each));
  const holder = lease
    ? `airlock ${inline(lease.command)} of ${inline(lease.executedBy)} on ${inline(lease.host)} holds the lease since ${inline(moment(lease.acquiredAt))}.`
    : '';
  const rows = shown.map(({ id, name, standing, outOfOrder, error }) => [
    `**${inline(id, 80)}** ${inline(name, 120)}`,
    outOfOrder ? `${standing}, out of order` : standing,
    error === undefined ? '' : inline(error, 300),
  ]);
  return [
    `${plural(quiet.length, 'migration')} applied${shown.length > 0 ? ', and:' : '.'}`,
    rows.length > 0 ? table(['Migration', 'Standing', ''], rows) : '',
    holder,
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}
