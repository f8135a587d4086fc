import { type Looked, lookAtAll } from '../engine/health/looked.ts';
import { type Prepared, prepare } from '../engine/prepare.ts';
import { amcheck } from '../engine/verify/amcheck.ts';
import { constraints } from '../engine/verify/constraints.ts';
import { judgeVerifySections, runVerifySections, type VerifyRun } from '../engine/verify/sections.ts';
import { type Checksums, tableChecksums } from '../engine/verify/table-checksums.ts';
import { judgeStanding, type Stood } from '../migration/standing.ts';
import { checksText } from '../report/checks-text.ts';
import { visibleLine } from '../report/visible.ts';
import { checkProject } from '../validate-project.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import {
  type DatabaseFlags,
  type Desk,
  type Look,
  lookAt,
  openDesk,
  reach,
  type Stopped,
} from './database.ts';
import { checksEntry, printJson, resultOf, tellStopped } from './engine-result.ts';

interface VerifyFlags extends DatabaseFlags {
  readonly checksums?: true | string | undefined;
}

/** `airlock verify`: reads, and changes nothing. */
export async function verify({ checksums, ...flags }: VerifyFlags, world: CommandWorld): Promise<number> {
  const stop = (stopped: Stopped): number => tellStopped(stopped, flags.json, world);
  const desk = await openDesk('verify', flags, world);
  if (!desk.ok) return stop(desk);
  const look = await lookAt(desk);
  if (!look.ok) return stop(look);
  const { connection } = look;
  const verified = await reach(desk, async () => {
    try {
      return await verifyAll(desk, look, checksums, world);
    } finally {
      await connection.close();
    }
  });
  if ('code' in verified) return stop(verified);
  const { looked, sums } = verified;
  if (sums?.ok === false)
    return stop({
      ok: false,
      code: exitCodes.usage,
      reasonCode: 'usage',
      problems: sums.unknown.map((name) => `there is no table ${JSON.stringify(name)}.`),
      next: 'airlock verify --checksums takes every table',
    });
  const failed = looked.filter(({ status }) => status === 'failed');
  const entry = checksEntry(looked, connection.server.text, desk.target.environment);
  const tables = sums?.tables;
  const next = failed.find((each) => each.next !== undefined)?.next;
  if (flags.json)
    printJson(
      resultOf(failed.length > 0 ? 'verification-failed' : 'clean', {
        verification: { ...entry, ...(tables ? { checksums: [...tables] } : {}) },
        ...(next === undefined ? {} : { next }),
      }),
      desk.redact,
      world,
    );
  else {
    world.print(desk.redact(checksText(entry)));
    for (const { table, rows, digest } of tables ?? [])
      world.print(desk.redact(`${digest}  ${visibleLine(table)}  ${rows} rows\n`));
  }
  return failed.length > 0 ? exitCodes.findings : exitCodes.done;
}

/** Milliseconds: a table that somebody has locked holds up nothing. */
const LOCK_TIMEOUT = 3_000;

async function verifyAll(
  desk: Desk,
  { connection, history, pooled }: Look,
  checksums: VerifyFlags['checksums'],
  world: CommandWorld,
): Promise<{ readonly looked: readonly Looked[]; readonly sums: Checksums | undefined }> {
  const { files } = desk;
  const { lockTimeout, statementTimeout, placeholders } = desk.project.configuration;
  const settings = {
    placeholders: Object.fromEntries(placeholders),
    lockTimeout: Math.min(lockTimeout, LOCK_TIMEOUT),
    statementTimeout,
    idleTimeout: 0,
    pooled,
  };
  // Behind a pooler it would stay in a session that somebody else gets next.
  const timeouts = pooled
    ? ''
    : `SET lock_timeout = ${Math.round(settings.lockTimeout)}; SET statement_timeout = ${Math.round(statementTimeout)}`;
  const done = judgeStanding(files.migrations, history).all.filter(isApplied);
  const prepared: Prepared[] = [];
  for (const { sealed } of done) if (sealed) prepared.push(await prepare(sealed, files.layout, settings));
  await connection.run(timeouts);
  const looked = await lookAtAll([
    { name: 'amcheck', look: () => amcheck(connection) },
    { name: 'constraints', look: () => constraints(connection) },
    {
      name: 'VERIFY sections',
      look: async () => {
        const runs = await runVerifySections(connection, prepared);
        return judgeVerifySections(
          runs,
          prepared.length - runs.length,
          await outlived(runs, prepared, desk, world),
        );
      },
    },
  ]);
  if (checksums === undefined) return { looked, sums: undefined };
  await connection.run(timeouts);
  const names = checksums === true ? undefined : checksums.split(',').map((name) => name.trim());
  return { looked, sums: await tableChecksums(connection, names) };
}

/** Ids of those that fail on a new database with the same history, too; asked only where something fails. */
async function outlived(
  runs: readonly VerifyRun[],
  applied: readonly Prepared[],
  { project, files }: Desk,
  world: CommandWorld,
): Promise<ReadonlySet<string>> {
  const ids = new Set(
    runs.filter(({ because, unknown }) => because !== undefined && !unknown).map(({ id }) => id),
  );
  let told: ReadonlySet<string> = new Set();
  if (ids.size === 0) return told;
  const { verifyingAfresh } = await import('./proving.ts');
  await checkProject({
    root: project.root,
    configuration: { ...project.configuration, runner: 'airlock', directories: [files.directory] },
    env: project.env,
    ids: [...ids],
    prove: verifyingAfresh(world, project, {
      failing: applied.filter(({ migration }) => ids.has(migration.id)),
      applied: new Set(applied.map(({ migration }) => migration.id)),
      tell: (fail) => {
        told = fail;
      },
    }),
  });
  return told;
}

/** Of what was edited since, nobody knows which VERIFY is meant: `status` and `health` tell about it. */
function isApplied({ standing }: Stood): boolean {
  return standing === 'applied' || standing === 'baselined';
}
