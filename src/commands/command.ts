import * as z from 'zod/mini';
import type { MetricsCollector } from '../engine/metrics-collector.ts';
import type { Log } from '../log.ts';

/** What a command may use of the world; the door fills it in. */
export interface CommandWorld {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** Standard output is a terminal that shows colour. */
  readonly colour: boolean;
  /** Columns. */
  readonly width: number;
  readonly now: () => Date;
  readonly log: Log;
  /** From now on the first SIGINT or SIGTERM does not end the program but aborts this. */
  readonly interruption: () => AbortSignal;
  /** Told what happens while migrations run. */
  readonly collector?: MetricsCollector | undefined;
  /** The program of the embedded chamber, with its assets beside it. */
  readonly chamber: string;
  /** Puts a line in place of the one before on standard error; undefined where that is no terminal. */
  readonly status?: ((line: string) => void) | undefined;
  /** Asks whoever sits at the terminal and gives the line that was typed; undefined where nobody does. */
  readonly ask?: ((question: string) => Promise<string | undefined>) | undefined;
  /** What is said last when Ctrl-C ends the program. */
  readonly onInterrupt?: ((told: () => string) => void) | undefined;
}

export interface Flag {
  readonly schema: z.ZodMiniType;
  /** Placeholder of its value in the help, `<ref>`; a flag without one takes no value. */
  readonly value?: string;
  readonly help: string;
  /** One letter. */
  readonly short?: string;
}

export type Flags = Readonly<Record<string, Flag>>;
type FlagValues<F extends Flags> = { readonly [K in keyof F]: z.infer<F[K]['schema']> };

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  /** One line for `airlock --help`. */
  readonly summary: string;
  readonly operands?:
    | {
        readonly name: string;
        readonly help: string;
        readonly required: boolean;
        readonly many: boolean;
        /** A second word, which the command itself asks for. */
        readonly second?: { readonly name: string; readonly help: string } | undefined;
      }
    | undefined;
  readonly flags: F;
  /** Command lines with what they do, for `--help` and the documentation. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Returns the exit code (DESIGN 3.5). */
  run(
    input: { readonly operands: readonly string[]; readonly flags: FlagValues<F> },
    world: CommandWorld,
  ): Promise<number>;
}

/** Keeps the types of the flags for `run`. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command<F> {
  return command;
}

export const exitCodes = {
  done: 0,
  findings: 1,
  usage: 2,
  failed: 3,
  leaseHeld: 4,
  approvalRequired: 5,
  disagrees: 6,
  unreachable: 7,
  interrupted: 130,
} as const;

/** Tells what is wrong, and then what to type, where a problem does not say so itself. */
export function refuse(
  world: Pick<CommandWorld, 'printError'>,
  problems: readonly string[],
  next?: string | undefined,
): number {
  for (const problem of problems) world.printError(`error: ${problem}\n`);
  if (next !== undefined) world.printError(`next: ${next}\n`);
  return exitCodes.usage;
}

export const CORRECT_IT = 'correct what is named above and type the command again';

/** Schemas of flags as they come from the command line: text or true. */
export const text = z.optional(z.string());
export const yes = z.optional(z.boolean());
export function choice<const T extends readonly string[]>(
  words: T,
): z.ZodMiniOptional<z.ZodMiniEnum<{ [K in T[number]]: K }>> {
  return z.optional(z.enum(words));
}
