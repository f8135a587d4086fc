import { environmentVariable } from '../configuration/variables.ts';
import { type Result, resultSchema } from '../report/result.ts';
import { messageOf } from './failure.ts';
import type { ActionCommand, Inputs } from './inputs.ts';
import type { Log } from './log.ts';
import { ending } from './verdict.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** One command line of Airlock; the door knows the program. Returns its exit code. */
export type RunProgram = (
  argv: readonly string[],
  world: {
    readonly cwd: string;
    readonly env: Variables;
    readonly print: (text: string) => void;
    readonly printError: (text: string) => void;
  },
) => Promise<number>;

export interface OperationWorld {
  readonly env: Variables;
  readonly program: RunProgram;
}

/** Runs a command exactly as the command line does, and gives its result document; its other words go to the log. */
export async function run(
  { env, program }: OperationWorld,
  command: ActionCommand,
  inputs: Inputs,
  log: Log,
): Promise<{ readonly code: number; readonly result: Result }> {
  const printed: string[] = [];
  const told: string[] = [];
  const code = await program(commandLine(command, inputs), {
    cwd: env['GITHUB_WORKSPACE'] ?? process.cwd(),
    env: withAddress(env, inputs),
    print: (text) => printed.push(text),
    printError(text) {
      told.push(text);
      // Why it ended is told at the end, once.
      for (const line of text.split('\n')) if (!/^(?:(?:error|next): |$)/.test(line)) log.info(line);
    },
  });
  return { code, result: resultIn(printed.join('')) ?? ending('usage', told.join('').trim()) };
}

function resultIn(text: string): Result | undefined {
  try {
    return resultSchema.parse(JSON.parse(text));
  } catch (error) {
    // A command line that was not understood ends without a document; anything else is a defect.
    if (text.trim() === '') return undefined;
    throw new Error(`the result document could not be read: ${messageOf(error)}`, { cause: error });
  }
}

/** As somebody would type it. */
function commandLine(command: ActionCommand, { directories, layout, operation }: Inputs): readonly string[] {
  const { environment, target, steps, dryRun, approval } = operation;
  const flag = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${name}=${value}`];
  return [
    command,
    '--json',
    ...flag('env', environment),
    ...flag('directory', directories?.[0]),
    ...flag('layout', layout),
    ...flag('target', target),
    ...flag('steps', steps),
    ...(dryRun === 'true' ? ['--dry-run'] : flag('dry-run', dryRun === 'database' ? dryRun : undefined)),
    ...flag('approval', approval),
  ];
}

/** The input stands for the variable that the command line would read, and above it. */
function withAddress(env: Variables, { operation, token }: Inputs): Variables {
  const { environment, databaseUrl } = operation;
  const name = environment === undefined ? 'DATABASE_URL' : environmentVariable(environment, 'DATABASE_URL');
  return {
    ...env,
    ...(token === undefined ? {} : { GITHUB_TOKEN: env['GITHUB_TOKEN'] ?? token }),
    ...(databaseUrl === undefined ? {} : { [name]: databaseUrl }),
  };
}
