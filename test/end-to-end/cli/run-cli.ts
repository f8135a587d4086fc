import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';
import { type Result, resultSchema } from '../../../src/report/result.ts';
import { commit, git, gitEnvironment, write } from '../../workspace/temporary.ts';

export const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Start {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: the one that runs the tests. */
  readonly node?: string;
  /** To run as somebody whom file permissions hold back. */
  readonly uid?: number | undefined;
}

/** Runs the built command line as a process of its own, apart from the settings of this machine. */
export function airlock(args: readonly string[], start: Start): Promise<Ended> {
  return run(start.node ?? process.execPath, [CLI, ...args], start);
}

export function run(program: string, args: readonly string[], start: Start): Promise<Ended> {
  return begin(program, args, start).ended;
}

/** A program under way. */
export interface Background {
  readonly ended: Promise<Ended>;
  /** Sends it a signal. */
  kill(signal: NodeJS.Signals): void;
}

/** The built command line, while it runs. */
export function background(args: readonly string[], start: Start): Background {
  return begin(start.node ?? process.execPath, [CLI, ...args], start);
}

function begin(program: string, args: readonly string[], { cwd, env, uid }: Start): Background {
  const child = spawn(program, args, {
    cwd,
    env: { ...gitEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 50_000,
    killSignal: 'SIGKILL',
    ...(uid === undefined ? {} : { uid }),
  });
  const ended = new Promise<Ended>((done, fail) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => err.push(bytes));
    child.on('error', fail);
    child.on('close', (code) =>
      done({ code, out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8') }),
    );
  });
  return { ended, kill: (signal) => child.kill(signal) };
}

/** What `--json` printed, held against its schema. */
export function parsed(ended: Ended): Result {
  return resultSchema.parse(JSON.parse(ended.out));
}

export function ruleIds(ended: Ended): string[] {
  return parsed(ended).findings.map(({ ruleId }) => ruleId);
}

type Files = Readonly<Record<string, string | Uint8Array>>;

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder without git that goes away after the tests of the file. */
export function folderWith(files: Files): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'airlock-cli-')));
  made.push(root);
  for (const [path, content] of Object.entries(files)) write(root, path, content);
  return root;
}

/** The same as a repository with one commit on main. */
export function projectWith(files: Files): string {
  const root = folderWith(files);
  git(root, 'init', '--quiet', '--initial-branch=main');
  commit(root);
  return root;
}

export const METADATA =
  '-- @metadata { "author": "ada", "description": "a step", "breakingChange": false, "estimatedDuration": 10, "dataVolume": "small", "risk": "low", "tags": ["test"] }\n';

/** A migration in Airlock's own format. */
export function migration(up: string, down = 'SELECT 1;'): string {
  return `${METADATA}-- UP\n${up}\n-- DOWN\n${down}\n`;
}

export const TABLES = migration(
  'CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, note text);',
  'DROP TABLE IF EXISTS orders;\nDROP TABLE IF EXISTS users;',
);
export const INDEX = migration(
  'CREATE INDEX idx_orders_note ON orders (note);',
  'DROP INDEX IF EXISTS idx_orders_note;',
);
/** Nothing is wrong with it. */
export const COLUMN = migration(
  'ALTER TABLE orders ADD COLUMN placed_at timestamptz;',
  'ALTER TABLE orders DROP COLUMN IF EXISTS placed_at;',
);

/** Has one warning: type-json. */
export const JSON_COLUMN = migration(
  'ALTER TABLE orders ADD COLUMN payload json;',
  'ALTER TABLE orders DROP COLUMN IF EXISTS payload;',
);

/** What no bad input may lead to. */
export function noStackTrace({ out, err }: Ended): void {
  expect(`${out}${err}`).not.toMatch(/\n\s+at \S+.*:\d+:\d+|a defect stopped/);
}

/**
 * Somebody whom file permissions hold back: this user, or where root runs the tests, nobody. Undefined where nobody
 * may not even start the program (a checkout below /root).
 */
export function ordinaryUser(): { readonly uid?: number | undefined } | undefined {
  if (process.getuid?.() !== 0) return {};
  const nobody = { uid: 65_534 };
  const started = spawnSync(process.execPath, [CLI, '--version'], { ...nobody, cwd: tmpdir() });
  return started.status === 0 ? nobody : undefined;
}

export const NO_ORDINARY_USER = 'root runs the tests, and other users may not start dist/cli.js where it is';
