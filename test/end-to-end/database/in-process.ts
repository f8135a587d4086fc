import type { CommandWorld } from '../../../src/commands/command.ts';
import { type EventName, MetricsCollector, type MigrationEvents } from '../../../src/index.ts';
import { runProgram } from '../../../src/program.ts';
import { type Result, resultSchema } from '../../../src/report/result.ts';
import { gitEnvironment } from '../../workspace/temporary.ts';
import type { Scene } from './scene.ts';

export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Where `--json` was asked for. */
  readonly result: Result | undefined;
  readonly events: readonly { readonly name: EventName; readonly event: unknown }[];
  /** The events of one name. */
  of<E extends EventName>(name: E): readonly MigrationEvents[E][];
}

/** Does something when an event comes for the nth time. */
interface WhenAt {
  readonly name: EventName;
  readonly times: number;
  readonly then: () => void;
}

const NAMES: readonly EventName[] = [
  'run:start',
  'lease:waiting',
  'drift:found',
  'migration:start',
  'migration:end',
  'migration:complete',
  'migration:failed',
  'migration:baselined',
  'migration:repaired',
  'lease:unlocked',
  'run:end',
];

/** The command line in this process: with listeners, and with a clock of the test's own. An up makes no backup. */
export async function inProcess(
  { folder, url }: Scene,
  argv: readonly string[],
  { whenAt, ...world }: Partial<CommandWorld> & { readonly whenAt?: WhenAt } = {},
): Promise<Told> {
  const events: Told['events'][number][] = [];
  const collector = new MetricsCollector((problem) => events.push({ name: 'run:end', event: problem }));
  for (const name of NAMES) collector.on(name, (event) => events.push({ name, event }));
  let seen = 0;
  if (whenAt)
    collector.on(whenAt.name, () => {
      if (++seen === whenAt.times) whenAt.then();
    });
  let out = '';
  let err = '';
  const code = await runProgram(argv[0] === 'up' ? [...argv, '--skip-backup'] : argv, {
    cwd: folder,
    chamber: '',
    log: () => undefined,
    print: (text) => {
      out += text;
    },
    printError: (text) => {
      err += text;
    },
    colour: false,
    width: 100,
    now: () => new Date(),
    collector,
    interruption: () => new AbortController().signal,
    ...world,
    env: { ...gitEnvironment(), DATABASE_URL: url, ...world.env },
  });
  return {
    code,
    out,
    err,
    events,
    result: argv.includes('--json') ? resultSchema.parse(JSON.parse(out)) : undefined,
    of: <E extends EventName>(name: E) =>
      events.flatMap((each) => (each.name === name ? [each.event as MigrationEvents[E]] : [])),
  };
}
