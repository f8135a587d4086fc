import type { StepRun } from '../../engine/run-section.ts';
import type { ProvenLock, ProvenStatement } from '../../report/proof-result.ts';
import type { SourceFile } from '../../sql/source.ts';
import { errorText, linesOf, statementText } from '../told-statements.ts';
import type { Changes } from './changes.ts';

/** What was seen after one statement. */
export interface Observed {
  readonly locks: readonly ProvenLock[];
  readonly changes: Changes;
}

/** One run statement as the result has it; without what was not seen, as after an error. */
export function toldStatement(
  file: SourceFile,
  run: StepRun,
  observed: Observed | undefined,
): ProvenStatement {
  const rows = rowsChanged(run, observed);
  const changes = observed?.changes;
  return {
    ...linesOf(file, run.step.span),
    text: statementText(run.step.sql),
    durationMs: Math.round(run.durationMs * 10) / 10,
    ...(rows === undefined ? {} : { rows }),
    ...(run.error ? { error: errorText(run.error) } : {}),
    locks: [...(observed?.locks ?? [])],
    rewrites: [...(changes?.rewrites ?? [])],
    scans: [...(changes?.scans ?? [])],
    created: [...(changes?.created ?? [])],
    dropped: [...(changes?.dropped ?? [])],
    ...(changes && changes.altered.length > 0 ? { altered: [...changes.altered] } : {}),
  };
}

/** Of what changes rows the server says how many; of what calls functions it has to be counted. */
function rowsChanged({ ran }: StepRun, observed: Observed | undefined): number | undefined {
  if (ran?.count !== undefined && /^(?:INSERT|UPDATE|DELETE|MERGE|COPY)\b/.test(ran.command))
    return ran.count;
  const written = observed?.changes.written ?? 0;
  return written > 0 ? written : undefined;
}
