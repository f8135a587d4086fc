import { spawnSync } from 'node:child_process';

export interface Line {
  readonly what: string;
  readonly value: number;
  readonly bound: number;
  readonly unit: '×' | 'MB' | 'kB';
}

export interface Run {
  /** Default: this Node. */
  readonly program?: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** In place of those of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Milliseconds of one whole process; with `--time`, what the process prints about itself. */
export function timeOf({ program = process.execPath, args, cwd, env = process.env }: Run): number {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, [...args], {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const wall = performance.now() - start;
  if (error || status !== 0)
    throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`, { cause: error });
  return args.includes('--time') ? Number(stdout) : wall;
}

/**
 * The shortest time of each run: what it takes when nothing else is going on, which on a shared machine is the only
 * figure that comes out the same twice. The runs take turns, so that a noisy moment hits all of them.
 */
export function rounds<K extends string>(count: number, runs: Readonly<Record<K, Run>>): Record<K, number> {
  const names = Object.keys(runs) as K[];
  const times = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < count + 1; round++) {
    for (const name of names) {
      const time = timeOf(runs[name]);
      // The first round fills the file system's and Node's compile cache.
      if (round > 0) times.get(name)?.push(time);
    }
  }
  return Object.fromEntries(names.map((name) => [name, Math.min(...(times.get(name) ?? []))])) as Record<
    K,
    number
  >;
}

/** Most resident memory of a process, in MB (resourceUsage of Node counts kilobytes). */
export function peakMemory({ args, cwd, env = process.env }: Run): number {
  const report =
    "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(2, `\\nPEAK ${process.resourceUsage().maxRSS}\\n`));";
  const { stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(report)}`, ...args],
    { cwd, env, encoding: 'utf8', maxBuffer: 1 << 30 },
  );
  const peak = /PEAK (\d+)/.exec(stderr)?.[1];
  if (peak === undefined) throw new Error(`The process told no peak memory: ${stderr.slice(0, 500)}`);
  return Number(peak) / 1024;
}
