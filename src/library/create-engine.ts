import type { CommandWorld } from '../commands/command.ts';
import { environmentVariable } from '../configuration/variables.ts';
import { metricsCollector } from '../engine/metrics-collector.ts';
import { runProgram } from '../program.ts';
import { type Result, resultSchema } from '../report/result.ts';
import type { DownOptions, Ended, Engine, EngineOptions, UpOptions } from './engine.ts';

type Flags = Readonly<Record<string, string | number | boolean | undefined>>;

/** What only the door may look up. */
interface Door extends Pick<CommandWorld, 'cwd' | 'env' | 'chamber'> {
  readonly log: Promise<CommandWorld['log']>;
}

export function engineOf(options: EngineOptions, door: Door): Engine {
  const { environment, databaseUrl, metrics = metricsCollector, signal } = options;
  const variables = options.env ?? door.env;
  const env = databaseUrl === undefined ? variables : withAddress(variables, databaseUrl, environment);
  const run = async (
    command: string,
    flags: Flags = {},
    operands: readonly string[] = [],
  ): Promise<Ended> => {
    const out: string[] = [];
    const err: string[] = [];
    const argv = [command, ...argvOf({ env: environment, json: true, ...flags }), '--', ...operands];
    const exitCode = await runProgram(argv, {
      ...door,
      log: await door.log,
      env,
      cwd: options.cwd ?? door.cwd,
      print: (text) => out.push(text),
      printError: (text) => err.push(text),
      colour: false,
      width: 100,
      now: () => new Date(),
      collector: metrics,
      interruption: () => signal ?? new AbortController().signal,
    });
    const messages = err.join('').split('\n').filter(Boolean);
    return { ok: exitCode === 0, exitCode, result: resultOf(out.join(''), messages), messages };
  };
  return {
    up: ({ dryRun, skipBackup, allowDowntime, ...rest }: UpOptions = {}) =>
      run('up', {
        ...rest,
        'dry-run': dryRun,
        'skip-backup': skipBackup,
        'allow-downtime': allowDowntime,
      }),
    down: ({ dryRun, ...rest }: DownOptions = {}) => run('down', { ...rest, 'dry-run': dryRun }),
    plan: (flags = {}) => run('plan', { ...flags }),
    status: () => run('status'),
    health: () => run('health'),
    verify: () => run('verify'),
    analyze: (migrationId) => run('analyze', {}, [migrationId]),
  };
}

/** One value that counts whatever environment is named. */
function withAddress(
  env: CommandWorld['env'],
  url: string,
  environment: string | undefined,
): CommandWorld['env'] {
  const own = environment === undefined ? {} : { [environmentVariable(environment, 'DATABASE_URL')]: url };
  return { ...env, DATABASE_URL: url, ...own };
}

/** As somebody would type them; a value cannot be taken for a flag. */
function argvOf(flags: Flags): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}=${value}`];
  });
}

/** A command line that was not understood ends without a document. */
function resultOf(text: string, messages: readonly string[]): Result {
  if (text !== '') return resultSchema.parse(JSON.parse(text));
  return {
    schemaVersion: 1,
    reasonCode: 'usage',
    message: messages.join('\n'),
    findings: [],
    refuted: [],
    ignores: [],
    notAnalysed: [],
  };
}
