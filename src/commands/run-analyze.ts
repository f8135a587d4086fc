import { firstTimed, type RecordedRun, readRunsOf } from '../engine/analyze.ts';
import { type Prepared, prepare } from '../engine/prepare.ts';
import { closest } from '../migration/did-you-mean.ts';
import { judgeStanding } from '../migration/standing.ts';
import { analysisText } from '../report/analysis-text.ts';
import type { Proof } from '../report/proof-result.ts';
import type { AnalysisEntry, NotAnalysedEntry } from '../report/result.ts';
import { clip } from '../report/visible.ts';
import { checkProject } from '../validate-project.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import { type DatabaseFlags, type Desk, lookAt, openDesk, reach, type Stopped } from './database.ts';
import { printJson, resultOf, tellStopped } from './engine-result.ts';

interface AnalyzeFlags extends DatabaseFlags {
  readonly 'skip-proof'?: boolean | undefined;
}

/** `airlock analyze <id>`. */
export async function analyze(
  [id]: readonly string[],
  { 'skip-proof': skip, ...flags }: AnalyzeFlags,
  world: CommandWorld,
): Promise<number> {
  const stop = (stopped: Stopped): number => tellStopped(stopped, flags.json, world);
  if (id === undefined)
    return stop({
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'usage',
      problems: ['nothing says which migration.'],
      next: 'airlock analyze <id>; airlock status --verbose lists them',
    });
  const desk = await openDesk('analyze', flags, world);
  if (!desk.ok) return stop(desk);
  const look = await lookAt(desk);
  if (!look.ok) return stop(look);
  const { connection, installed, tables } = look;
  const runs = await reach(desk, async () => {
    try {
      return installed ? await readRunsOf(connection, tables, id) : [];
    } finally {
      await connection.close();
    }
  });
  if ('code' in runs) return stop(runs);
  const stood = judgeStanding(desk.files.migrations, look.history).all.find((each) => each.id === id);
  if (!stood && runs.length === 0) return stop(unknown(id, desk));
  const prepared = stood?.sealed && (await prepare(stood.sealed, desk.files.layout, settingsOf(desk)));
  const proof = prepared && skip !== true ? await proofOf(id, desk, world) : undefined;
  const analysis = analysisOf({ id, desk, runs, prepared, standing: stood?.standing });
  if (flags.json)
    printJson(
      resultOf('clean', {
        analysis,
        ...(proof?.proof ? { proofs: [proof.proof] } : {}),
        notAnalysed: [...(proof?.notAnalysed ?? [])],
      }),
      desk.redact,
      world,
    );
  else
    world.print(desk.redact(analysisText(analysis, { ...proof, width: world.width, colour: world.colour })));
  return exitCodes.done;
}

function unknown(id: string, { files }: Desk): Stopped {
  const near = closest(
    id,
    files.migrations.map(({ migration }) => migration.id),
  );
  return {
    ok: false,
    code: exitCodes.usage,
    reasonCode: 'usage',
    problems: [
      `there is no migration ${JSON.stringify(id)}${near === undefined ? '' : `; did you mean ${near}?`}`,
    ],
    next: 'airlock status --verbose lists what is there',
  };
}

function settingsOf({ project: { configuration } }: Desk): Parameters<typeof prepare>[2] {
  const { placeholders, lockTimeout, statementTimeout } = configuration;
  return {
    placeholders: Object.fromEntries(placeholders),
    lockTimeout,
    statementTimeout,
    idleTimeout: 0,
    pooled: false,
  };
}

interface Proven {
  readonly proof?: Proof | undefined;
  /** Why there is none. */
  readonly notAnalysed: readonly NotAnalysedEntry[];
}

/** Proofs are not kept: it is made again, and says what it would say in a pull request today. */
async function proofOf(id: string, desk: Desk, world: CommandWorld): Promise<Proven> {
  const { project, files } = desk;
  const { proving } = await import('./proving.ts');
  const { result } = await checkProject({
    root: project.root,
    configuration: { ...project.configuration, runner: 'airlock', directories: [files.directory] },
    env: project.env,
    ids: [id],
    prove: proving(world, project),
  });
  const proof = result.proofs?.find(({ migrationId }) => migrationId === id);
  if (proof) return { proof, notAnalysed: result.notAnalysed };
  const file = files.migrations.find(({ migration }) => migration.id === id)?.migration.up.file.path ?? '';
  const reason = `not proven: ${result.message ?? 'the proof said nothing about it'}`;
  return { notAnalysed: [...result.notAnalysed, { file, line: 1, reason }] };
}

function analysisOf({
  id,
  desk,
  runs,
  prepared,
  standing,
}: {
  readonly id: string;
  readonly desk: Desk;
  readonly runs: readonly RecordedRun[];
  readonly prepared: Prepared | undefined;
  readonly standing: AnalysisEntry['standing'];
}): AnalysisEntry {
  const { environment } = desk.target;
  const timed = runs.findLast(({ statementMs }) => statementMs.length > 0);
  const estimatedMs = prepared?.migration.metadata?.estimatedDuration;
  const actual = runs.findLast(({ direction, status }) => direction === 'up' && TOLD.has(status));
  return {
    ...(environment === undefined ? {} : { environment }),
    migrationId: id,
    ...(prepared ? { name: prepared.migration.name, file: prepared.up.section.file.path } : {}),
    ...(standing === undefined ? {} : { standing }),
    runs: runs.map(({ statementMs: _, checksum: __, transactional, total, done, ...run }) => ({
      ...run,
      statements: done,
      of: total,
    })),
    ...(estimatedMs === undefined ? {} : { estimatedMs }),
    ...(actual?.durationMs === undefined
      ? {}
      : { actualMs: Math.max(actual.durationMs - actual.lockWaitMs, 0) }),
    statements: timed ? timedStatements(timed, prepared) : [],
    notes: notesOn(timed, prepared, standing),
  };
}

/** Rows whose duration is that of the whole migration. */
const TOLD: ReadonlySet<string> = new Set(['applied', 'rolled_back', 'superseded']);

function timedStatements(run: RecordedRun, prepared: Prepared | undefined): AnalysisEntry['statements'] {
  const first = firstTimed(run);
  if (first === undefined) return [];
  const steps = prepared?.checksum === run.checksum ? prepared?.up.run.steps : undefined;
  return run.statementMs.map((durationMs, at) => {
    const step = steps?.[first + at];
    return {
      number: first + at + 1,
      durationMs,
      ...(step && prepared
        ? {
            line: prepared.up.section.file.position(step.span.start).line,
            text: clip(step.sql.replace(/\s+/g, ' ').trim(), 200),
          }
        : {}),
    };
  });
}

function notesOn(
  timed: RecordedRun | undefined,
  prepared: Prepared | undefined,
  standing: AnalysisEntry['standing'],
): string[] {
  const notes: string[] = [];
  if (!prepared) notes.push('its file is gone: statements have numbers only');
  else if (timed && timed.checksum !== prepared.checksum)
    notes.push('its file was edited since that run: statements have numbers only');
  if (timed && firstTimed(timed) === undefined)
    notes.push(
      'a transaction of the file was run more than once: times cannot be told statement by statement',
    );
  if (!timed && standing === 'baselined') notes.push('it was recorded as there and never run here');
  else if (!timed) notes.push('no run of it here has timed a statement');
  return notes;
}
