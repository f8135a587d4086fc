import type { Connection } from '../../engine/connection.ts';
import type { Onlooker, SectionRun, Step, StepRun } from '../../engine/run-section.ts';
import type { ProvenStatement } from '../../report/proof-result.ts';
import type { SourceFile } from '../../sql/source.ts';
import type { ParsedSql, Statement } from '../../sql/statement.ts';
import { type InventoryAnswer, inventorySchema } from './answers.ts';
import { ask } from './ask.ts';
import { takeIn } from './changes.ts';
import { type Known, knownFrom } from './known.ts';
import { type Held, heldFrom, locksApart, newLocks } from './locks.ts';
import { look, type Showed } from './look.ts';
import { withRefusals } from './probe.ts';
import { inventoryQuery } from './queries.ts';
import { type Sampler, sampleLocks } from './sampler.ts';
import {
  emptying,
  isPlanned,
  isQuiet,
  opensTransaction,
  sameInTransaction,
  tablesNamed,
  takesBack,
} from './statement-traits.ts';
import { type Observed, toldStatement } from './told.ts';

export interface ObservedSection {
  readonly run: SectionRun;
  /** What the parser made of it. */
  readonly sql: ParsedSql;
  /** A second session on the same database, where there can be one. */
  readonly observer?: Connection | undefined;
}

export interface Observation {
  /** For `runSection`, once. */
  readonly onlooker: Onlooker;
  /** One for each statement that was run, in their order. */
  statements(file: SourceFile, runs: readonly StepRun[]): ProvenStatement[];
}

/**
 * Looks at what is there now, so that `onlooker` can tell what each statement of a section does to it: one query after
 * each, from inside the session, which brings back a fresh nonce with what it saw.
 *
 * Sequential scans are read from the statistics. Measured on 15, 18 and PGlite: they count the scans of ALTER TABLE
 * (checks, SET NOT NULL, rewrites), of foreign key validation, of index builds and of CLUSTER as they count those of
 * queries, once for each pass, but neither ANALYZE nor VACUUM.
 *
 * @throws ConnectionLost when the session, or what it says, is not to be relied on any more
 */
export async function observe(session: Connection, section: ObservedSection): Promise<Observation> {
  const answer = await inventory(session, section.sql);
  return new Observing(session, section, knownFrom(answer), selfFrom(answer.self));
}

function inventory(session: Connection, sql: ParsedSql): Promise<InventoryAnswer> {
  return ask(session, inventoryQuery(tablesNamed(sql)), inventorySchema);
}

/** Who answered. */
interface Self {
  /** Of the server process. */
  readonly pid: number;
  /** As pg_locks names it; another one in each transaction. */
  readonly transaction: string;
  /** The transaction id that is given next, of 32 bits as rows have it. */
  readonly next: number;
}

function selfFrom([pid, transaction, next]: Showed['answer']['self']): Self {
  return { pid, transaction, next: Number(BigInt.asUintN(32, BigInt(next))) };
}

class Observing implements Observation {
  readonly onlooker: Onlooker = {
    before: (step) => this.#before(step),
    opens: (step) => this.#opens(step),
    after: (run) => this.#after(run),
  };
  readonly #session: Connection;
  readonly #section: ObservedSection;
  readonly #statements: ReadonlyMap<number, Statement>;
  readonly #observed = new Map<Step, Observed>();
  #known: Known;
  /** Of the last look. */
  #self: Self;
  #held: Held = new Map();
  /** A transaction is open between two statements. */
  #open: boolean;
  #plansForFew = true;
  #sampler: Sampler | undefined;

  constructor(session: Connection, section: ObservedSection, known: Known, self: Self) {
    this.#session = session;
    this.#section = section;
    this.#known = known;
    this.#self = self;
    this.#open = section.run.transaction;
    this.#statements = new Map(section.sql.statements.map((each) => [each.span.start, each]));
  }

  statements(file: SourceFile, runs: readonly StepRun[]): ProvenStatement[] {
    this.#sampler?.drop();
    return runs.map((run) => toldStatement(file, run, this.#observed.get(run.step)));
  }

  #statementOf(step: Step): Statement | undefined {
    return this.#statements.get(step.span.start);
  }

  #opens(step: Step): boolean {
    const statement = this.#statementOf(step);
    return !this.#open && statement !== undefined && sameInTransaction(statement);
  }

  async #before(step: Step): Promise<void> {
    const statement = this.#statementOf(step);
    await this.#planFor(statement);
    const { observer } = this.#section;
    const unseen = !this.#open && !this.#opens(step) && !(statement && isQuiet(statement));
    if (observer && unseen) this.#sampler = sampleLocks(observer, this.#self.pid);
  }

  /**
   * A table of ten rows is read whole whatever indexes it has: for what is planned, choose as for a large one. An index
   * that is read whole in its place (count(*)) would hide that all rows were read.
   */
  async #planFor(statement: Statement | undefined): Promise<void> {
    const few = !(statement && isPlanned(statement));
    const setting = few ? 'on' : 'off';
    if (few !== this.#plansForFew)
      await this.#session.run(`SET enable_seqscan = ${setting}; SET enable_indexonlyscan = ${setting}`);
    this.#plansForFew = few;
  }

  async #after({ step }: StepRun): Promise<void> {
    const statement = this.#statementOf(step);
    const turn = statement && opensTransaction(statement);
    const inside = turn === undefined && (this.#open || this.#opens(step));
    this.#open = turn ?? this.#open;
    if (statement && isQuiet(statement)) return;
    const sampled = await this.#sampler?.stop();
    this.#sampler = undefined;
    if (statement && takesBack(statement)) {
      const { before } = this.#known;
      this.#known = { ...knownFrom(await inventory(this.#session, this.#section.sql)), before };
    }

    const { latest, before } = this.#known;
    const showed = await look(this.#session, this.#known, {
      inside,
      before,
      known: latest,
      since: this.#self.next,
    });
    // First of all: what was dropped is still known by its name.
    const self = selfFrom(showed.answer.self);
    const locks = await this.#locks(self, showed, { inside, statement, sampled: sampled ?? [] });
    this.#self = self;
    this.#observed.set(step, { locks, changes: takeIn(this.#known, showed, emptying(statement)) });
  }

  #locks(
    self: Self,
    { answer }: Showed,
    ran: {
      readonly inside: boolean;
      readonly statement: Statement | undefined;
      readonly sampled: Iterable<readonly [relation: number, mode: string]>;
    },
  ): Promise<Observed['locks']> {
    const same = self.transaction === this.#self.transaction;
    const before: Held = same ? this.#held : new Map();
    const now = heldFrom(answer.locks);
    this.#held = now;
    if (!ran.inside && !same) return Promise.resolve(locksApart(this.#known, ran.statement, ran.sampled));
    return withRefusals(this.#section.observer, this.#known, newLocks(this.#known, before, now));
  }
}
