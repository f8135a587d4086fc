import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '../../test/postgres/server.ts';
import { bareHistory } from './bare-history.ts';
import { type Line, peakMemory, type Run, timeOf } from './measure.ts';

const MIGRATIONS = 1_000;
const ROUNDS = 5;
/** Of memory, and of a run with nothing to do. */
const COUNTS = [100, 1_000, 10_000] as const;

const require = createRequire(import.meta.url);

/**
 * Ratios of the engine against tools that people use, each with its bound. The server keeps PostgreSQL's defaults:
 * what it costs to make a commit durable is a part of what everybody waits for. No database is dropped before the end,
 * because ext4 looks for free inodes with care for half a minute after many files were deleted, which would be counted
 * against whoever comes next.
 */
export async function engineLines(cli: string, folder: string): Promise<Line[]> {
  const server = await startPostgres(undefined, true);
  const admin = new Client(server.connectionString);
  // Ended by the server at the end.
  admin.on('error', () => undefined);
  try {
    await admin.connect();
    let databases = 0;
    const database = async (): Promise<string> => {
      const name = `bench_${databases++}`;
      await admin.query(`CREATE DATABASE ${name}`);
      const url = new URL(server.connectionString);
      url.pathname = `/${name}`;
      return url.href;
    };
    return [...(await against(cli, folder, database)), ...(await many(cli, folder, database))];
  } finally {
    await admin.end();
    await server.stop();
  }
}

type NewDatabase = () => Promise<string>;

function up(cli: string, cwd: string, url: string): Run {
  return {
    args: [cli, 'up', '--directory', 'migrations', '--layout', 'airlock'],
    cwd,
    env: { ...process.env, DATABASE_URL: url },
  };
}

/** The same statements for each tool, in its own format; how it is called for one database. */
function tools(cli: string, folder: string): Record<string, (url: string) => Run> {
  const at = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const [own, dbmate, nodePgMigrate, plain] = ['airlock/migrations', 'dbmate', 'node-pg-migrate', 'psql'].map(
    at,
  );
  if (!own || !dbmate || !nodePgMigrate || !plain) throw new Error('four folders were made');
  const included: string[] = ['\\set ON_ERROR_STOP on'];
  for (let n = 1; n <= MIGRATIONS; n++) {
    const file = `${20260101000000 + n}_step.sql`;
    const sql = `CREATE TABLE t${n} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());\n`;
    const down = `DROP TABLE t${n};\n`;
    writeFileSync(join(own, file), `${METADATA}-- UP\n${sql}-- DOWN\n${down}`);
    writeFileSync(join(dbmate, file), `-- migrate:up\n${sql}-- migrate:down\n${down}`);
    writeFileSync(join(nodePgMigrate, file), `-- Up Migration\n${sql}-- Down Migration\n${down}`);
    writeFileSync(join(plain, file), sql);
    included.push('BEGIN;', `\\i ${join(plain, file)}`, 'COMMIT;');
  }
  const script = join(plain, 'all.psql');
  writeFileSync(script, `${included.join('\n')}\n`);
  const binary = require.resolve(`@dbmate/${process.platform}-${process.arch}/bin/dbmate`, {
    paths: [dirname(require.resolve('dbmate'))],
  });
  const program = join(dirname(require.resolve('node-pg-migrate/package.json')), 'bin/node-pg-migrate.js');
  return {
    airlock: (url) => up(cli, dirname(own), url),
    dbmate: (url) => ({
      program: binary,
      args: ['--url', `${url}?sslmode=disable`, '--migrations-dir', dbmate, '--no-dump-schema', 'up'],
      cwd: folder,
    }),
    'node-pg-migrate': (url) => ({
      args: [program, 'up', '--migrations-dir', nodePgMigrate],
      cwd: folder,
      env: { ...process.env, DATABASE_URL: url },
    }),
    // One process and one session for all of them: the fastest way that there is to feed it files.
    ...(spawnSync('psql', ['--version']).status === 0
      ? {
          psql: (url: string) => ({
            program: 'psql',
            args: ['--quiet', '--no-psqlrc', '--file', script, url],
            cwd: folder,
          }),
        }
      : {}),
  };
}

const METADATA = `-- @metadata {
--   "author": "ada", "description": "one table", "breakingChange": false,
--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["bench"]
-- }
`;

async function against(cli: string, folder: string, database: NewDatabase): Promise<Line[]> {
  const runs = tools(cli, folder);
  const times = new Map<string, number[]>(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, run] of Object.entries(runs)) times.get(name)?.push(timeOf(run(await database())));
  const told = [...times].map(([name, each]) => `${name} ${(median(each) / 1000).toFixed(2)} s`);
  console.log(`units of the engine in this run, ${MIGRATIONS} migrations: ${told.join(', ')}\n`);
  if (!times.has('psql')) console.log('skipped: up ÷ psql, because there is no psql on this machine\n');
  const ours = times.get('airlock') ?? [];
  const bounds = { dbmate: 1, 'node-pg-migrate': 1, psql: 1.25 };
  return Object.entries(bounds).flatMap(([name, bound]): Line[] => {
    const theirs = times.get(name);
    if (!theirs) return [];
    // Of each round by itself, so that a noisy moment is in both.
    const value = median(ours.map((each, round) => each / (theirs[round] ?? Number.NaN)));
    return [{ what: `up of ${MIGRATIONS} migrations of one statement ÷ ${name}`, value, bound, unit: '×' }];
  });
}

/** Memory of a run by the number of migrations, and the time of one that has nothing to do. */
async function many(cli: string, folder: string, database: NewDatabase): Promise<Line[]> {
  const bare = await bareHistory(folder);
  const memory: { count: number; pending: number; applied: number }[] = [];
  let last: { readonly root: string; readonly url: string } | undefined;
  for (const count of COUNTS) {
    const root = join(folder, `many-${count}`);
    const migrations = join(root, 'migrations');
    mkdirSync(migrations, { recursive: true });
    for (let n = 1; n <= count; n++) {
      const sql = n === 1 ? 'CREATE TABLE t (n int)' : `INSERT INTO t VALUES (${n})`;
      writeFileSync(
        join(migrations, `${String(n).padStart(6, '0')}_step.sql`),
        `${METADATA}-- UP\n${sql};\n`,
      );
    }
    const url = await database();
    const run = up(cli, root, url);
    const pending = peakMemory(run);
    memory.push({ count, pending, applied: Math.min(...[1, 2, 3].map(() => peakMemory(run))) });
    last = { root, url };
  }
  if (!last) throw new Error('there are no counts');
  const { root, url } = last;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    theirs.push(timeOf({ args: [bare, join(root, 'migrations'), url], cwd: root }));
    ours.push(timeOf(up(cli, root, url)));
  }
  const told = memory.map(
    ({ count, pending, applied }) => `${count}: ${Math.round(pending)} MB and ${Math.round(applied)} MB`,
  );
  console.log(
    `nothing to do with ${COUNTS.at(-1)} applied: ${Math.round(median(ours))} ms, bare process ${Math.round(median(theirs))} ms; memory with so many pending, and applied: ${told.join(', ')}\n`,
  );
  const [, middle, most] = memory;
  if (!middle || !most) throw new Error('there are three counts');
  const growth = (which: 'pending' | 'applied'): number =>
    ((most[which] - middle[which]) * 1024) / (most.count - middle.count);
  return [
    {
      what: `nothing to do with ${COUNTS.at(-1)} applied ÷ bare process that reads, hashes and selects them`,
      value: median(ours.map((each, round) => each / (theirs[round] ?? Number.NaN))),
      bound: 1.5,
      unit: '×',
    },
    // Flat: no more than the texts of the files and what is known of each, which a plan holds whole.
    { what: 'peak memory more for each pending migration', value: growth('pending'), bound: 20, unit: 'kB' },
    { what: 'peak memory more for each applied migration', value: growth('applied'), bound: 8, unit: 'kB' },
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
