import type { Holder } from '../engine/lease.ts';
import type { Prepared } from '../engine/prepare.ts';
import type { Onlooking } from '../engine/run.ts';
import { driftText, duration, executionLine, serverProgressText } from '../report/engine-text.ts';
import type { Redactor } from '../report/redact.ts';
import { clip, visibleLine } from '../report/visible.ts';
import type { CommandWorld } from './command.ts';
import { type Desk, holderText } from './database.ts';
import { driftEntry, executionEntry } from './engine-result.ts';

const ERASE = '\r\u001b[K';
/** Milliseconds between two lines: on a terminal one over the other, elsewhere one below the other. */
const TICK = 500;
const PLAIN_TICK = 5_000;
/** Characters. */
const PLAIN_WIDTH = 200;

/** For a command that runs no migration: all there is to tell is whom it waits for. */
export function quietProgress(
  { redact }: Pick<Desk, 'redact'>,
  world: CommandWorld,
  json: boolean | undefined,
): Progress {
  return new Progress(world, redact, json === true, 0, () => undefined);
}

/** Tells how a run goes on: a line that is written over on a terminal, plain lines elsewhere, beside the result document on standard error. */
export class Progress {
  readonly onlooking: Onlooking;
  readonly #world: CommandWorld;
  readonly #redact: Redactor;
  readonly #quiet: boolean;
  readonly #of: number;
  readonly #preparedOf: (id: string) => Prepared | undefined;
  #done = 0;
  #now = '';
  #server = '';
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  #waitingFor: string | undefined;

  constructor(
    world: CommandWorld,
    redact: Redactor,
    quiet: boolean,
    of: number,
    preparedOf: (id: string) => Prepared | undefined,
  ) {
    this.#world = world;
    this.#redact = redact;
    this.#quiet = quiet;
    this.#of = of;
    this.#preparedOf = preparedOf;
    this.onlooking = {
      waiting: (holder) => this.#waits(holder),
      begins: ({ id, name }) => this.#show(`${id} ${name}`),
      statement: ({ id, step, at, of: all }) => {
        // Redacted before it is cut: the half of a secret is not known for one.
        this.#show(`${id}: statement ${at + 1} of ${all}: ${redact(step.sql.slice(0, 2_000)).slice(0, 200)}`);
      },
      progress: (told) => {
        this.#server = serverProgressText(told);
      },
      retries: ({ id, attempt, pause, because }) => {
        this.#line(`  ${id}: ${because}; attempt ${attempt + 1} in ${duration(pause)}\n`);
      },
      ends: (execution) => {
        this.#done++;
        this.#line(executionLine(executionEntry(execution, this.#preparedOf(execution.migrationId))));
      },
      drifted: (drift) => {
        const entry = driftEntry(drift);
        if (entry) world.printError(redact(driftText(entry)));
      },
      unrecorded: (because) =>
        world.printError(
          redact(`warning: the catalog could not be recorded, so that drift cannot be told: ${because}\n`),
        ),
    };
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#now !== '' && this.#terminal) this.#world.print(ERASE);
    this.#now = '';
  }

  get #terminal(): boolean {
    return this.#world.colour && !this.#quiet;
  }

  #waits(holder: Holder): void {
    if (this.#waitingFor === holder.token) return;
    this.#waitingFor = holder.token;
    this.#line(`waiting for ${holderText(holder)} which holds the lease\n`);
  }

  #line(text: string): void {
    this.end();
    this.#tell(text);
  }

  /** Standard output is the result document's, where one was asked for. */
  #tell(text: string): void {
    const { print, printError } = this.#world;
    (this.#quiet ? printError : print)(this.#redact(text));
  }

  #show(text: string): void {
    this.#since = performance.now();
    this.#now = visibleLine(text);
    this.#server = '';
    this.#timer ??= setInterval(() => this.#draw(), this.#terminal ? TICK : PLAIN_TICK).unref();
  }

  #draw(): void {
    const head = `[${Math.min(this.#done + 1, this.#of)}/${this.#of}] ${duration(performance.now() - this.#since)} `;
    const text = this.#redact(`${head}${this.#server === '' ? '' : `${this.#server}  `}${this.#now}`);
    if (!this.#terminal) this.#tell(`${clip(text, PLAIN_WIDTH)}\n`);
    else this.#world.print(`${ERASE}${clip(text, Math.max(this.#world.width - 1, 20))}`);
  }
}
