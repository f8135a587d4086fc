import type { Drift } from '../engine/drift.ts';
import { type Looked, listed } from '../engine/health/looked.ts';
import type { HistoryRow } from '../engine/history.ts';
import type { Prepared } from '../engine/prepare.ts';
import type { Execution } from '../engine/run.ts';
import type { Chosen } from '../migration/choose.ts';
import type { Plan, SealedMigration } from '../migration/plan.ts';
import type { Judged } from '../migration/standing.ts';
import { safeJson } from '../report/json.ts';
import { createRedactor, type Redactor, redactResult, secretsIn } from '../report/redact.ts';
import type { ChecksEntry, ExecutionEntry, ReasonCode, Result, StatusEntry } from '../report/result.ts';
import { visible } from '../report/visible.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import type { Look, Stopped } from './database.ts';

export function resultOf(reasonCode: ReasonCode, more: Partial<Result> = {}): Result {
  return { schemaVersion: 1, reasonCode, findings: [], refuted: [], ignores: [], notAnalysed: [], ...more };
}

/** Tells why a command ends, in the form that was asked for; gives its exit code. */
export function tellStopped(
  { code, reasonCode, problems, next, result }: Stopped,
  json: boolean | undefined,
  world: CommandWorld,
): number {
  const redact = createRedactor(secretsIn(world.env));
  if (json)
    printJson(
      resultOf(reasonCode, {
        ...result,
        message: problems.join('\n'),
        ...(next === undefined ? {} : { next }),
      }),
      redact,
      world,
    );
  for (const problem of problems) world.printError(`error: ${redact(visible(problem))}\n`);
  if (next !== undefined) world.printError(`next: ${redact(visible(next))}\n`);
  return code;
}

export function printJson(result: Result, redact: Redactor, world: CommandWorld): void {
  world.print(safeJson(redactResult(result, redact)));
}

export function planEntry(plan: Plan, environment: string | undefined): NonNullable<Result['plan']> {
  return {
    ...(environment === undefined ? {} : { environment }),
    digest: plan.digest,
    migrations: plan.migrations.map((sealed) => planned(sealed)),
  };
}

function planned({
  migration,
  checksum,
}: SealedMigration): NonNullable<Result['plan']>['migrations'][number] {
  const { id, name, up, down } = migration;
  return {
    id,
    name,
    checksum,
    file: up.file.path,
    reversible:
      down?.pieces.some(({ start, end }) => down.file.text.slice(start, end).trim() !== '') === true,
  };
}

export function executionEntry(execution: Execution, prepared: Prepared | undefined): ExecutionEntry {
  const { failed, halt, error, next, undone, forced, ...rest } = execution;
  const part = execution.direction === 'up' ? prepared?.up : prepared?.down;
  const file = part?.section.file;
  return {
    ...rest,
    ...(halt === undefined ? {} : { reason: halt }),
    ...(error === undefined ? {} : { error }),
    ...(next === undefined ? {} : { next }),
    ...(undone === undefined ? {} : { undone }),
    ...(forced === undefined ? {} : { forced }),
    ...(failed && file
      ? { file: file.path, line: file.position(failed.step.span.start + offsetIn(failed)).line }
      : {}),
  };
}

/** The server counts characters from 1, and JavaScript UTF-16 code units from 0. */
function offsetIn({ step, position }: NonNullable<Execution['failed']>): number {
  if (position === undefined) return 0;
  return [...step.sql].slice(0, position - 1).join('').length;
}

/** Empty where there is nothing to say. */
export function driftOf(drift: Drift | undefined): Pick<Result, 'drift'> {
  const entry = driftEntry(drift);
  return entry ? { drift: entry } : {};
}

/** Undefined: there is nothing to say. Names that are too many are counted. */
export function driftEntry(drift: Drift | undefined): Result['drift'] {
  if (drift === undefined || drift.status === 'none') return undefined;
  if (drift.status === 'unknown') return { status: 'unknown', because: drift.because };
  return { status: 'found', since: drift.since, differences: [...listed(drift.differences)] };
}

export function statusEntry(
  { all }: Judged,
  { installed, tables, holder }: Look,
  environment: string | undefined,
): StatusEntry {
  return {
    ...(environment === undefined ? {} : { environment }),
    ...(installed ? { systemSchema: tables.schema } : {}),
    ...(holder
      ? {
          lease: {
            command: holder.command,
            executedBy: holder.executedBy,
            host: holder.host,
            processId: holder.processId,
            acquiredAt: holder.acquiredAt,
            expiresAt: holder.expiresAt,
            alive: holder.expired ? 'no' : holder.alive,
          },
        }
      : {}),
    migrations: all.map(({ id, name, standing, outOfOrder, recorded }) => ({
      id,
      name,
      standing,
      outOfOrder,
      ...(recorded && standing !== 'pending' ? { at: recorded.at } : {}),
      ...(recorded && (standing === 'running' || standing === 'failed')
        ? {
            statementsDone: recorded.statementsDone,
            ...(recorded.statementsTotal === undefined ? {} : { statementsTotal: recorded.statementsTotal }),
            ...(recorded.statementsBegun === undefined ? {} : { statementsBegun: recorded.statementsBegun }),
          }
        : {}),
      ...(recorded?.error !== undefined && standing === 'failed' ? { error: recorded.error } : {}),
    })),
  };
}

export function checksEntry(
  looked: readonly Looked[],
  serverVersion: string,
  environment: string | undefined,
): ChecksEntry {
  return {
    ...(environment === undefined ? {} : { environment }),
    serverVersion,
    checks: looked.map(({ name, status, message, details, next }) => ({
      name,
      status,
      message,
      ...(details === undefined || details.length === 0 ? {} : { details: [...details] }),
      ...(next === undefined ? {} : { next }),
    })),
  };
}

/** The newest row of each migration. */
export function byId(history: readonly HistoryRow[]): ReadonlyMap<string, HistoryRow> {
  return new Map(history.map((row) => [row.id, row]));
}

/** A plan that cannot be made, as an end of the command. */
export function stoppedBy({ reasonCode, problems, next }: Extract<Chosen, { ok: false }>): Stopped {
  return {
    ok: false,
    code: reasonCode === 'history-disagrees' ? exitCodes.disagrees : exitCodes.usage,
    reasonCode,
    problems,
    next,
  };
}
