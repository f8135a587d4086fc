import type { DatabaseErrorFields } from '../../engine/connection.ts';
import type { SectionResult, StepRun } from '../../engine/run-section.ts';
import { isBlocked, type Provable } from '../provable.ts';
import type { Outcome } from '../prove-change.ts';
import { errorText } from '../told-statements.ts';
import type { LaidBase } from './lay-base.ts';
import {
  followsFrom,
  isNotThere,
  isSettingOfTheRunner,
  missingAfter,
  missingAfterText,
  notThere,
  type Unmade,
} from './unmade.ts';

/** insufficient_privilege (errcodes-appendix): who the owner is, and what it was granted, is the shadow's own doing. */
const NO_RIGHT: ReadonlySet<string> = new Set(['42501']);

/** What is missing where a migration of the change begins: in the base, and by those of the change that came to nothing. */
export class Missing {
  readonly #names: Map<string, string>;
  readonly #extensions: Set<string>;

  constructor({ unmade }: LaidBase) {
    this.#names = new Map(unmade.names);
    this.#extensions = new Set(unmade.extensions);
  }

  /** Of migrations that an earlier run has proven. */
  know({ names }: Unmade): void {
    for (const [name, because] of names) if (!this.#names.has(name)) this.#names.set(name, because);
  }

  begin({ missingExtensions = [] }: Provable): void {
    for (const name of missingExtensions) this.#extensions.add(name);
  }

  /** Nothing of it is in the database where the next one begins. */
  leftOut(outcome: Outcome): void {
    const { checked } = outcome.provable;
    const failed = 'proven' in outcome ? failedStep(outcome.proven.up) : outcome.at;
    this.#add(checked, [
      ...checked.up.sql.statements.flatMap(missingAfter),
      ...(failed?.error ? notThere(failed.error) : []),
    ]);
  }

  /** Some of it is, without what is named, and without what was not tried at all. */
  inPart(provable: Provable, names: Iterable<string>): void {
    const { checked, up } = provable;
    const untried = checked.up.sql.statements.filter(({ span }) => isBlocked(provable, span));
    const unread = up.steps.filter(({ span }) => isBlocked(provable, span));
    this.#add(checked, [
      ...untried.flatMap(missingAfter),
      ...unread.flatMap(({ sql }) => missingAfterText(sql)),
      ...names,
    ]);
  }

  #add({ migration }: Provable['checked'], names: Iterable<string>): void {
    const because = `${migration.up.file.path} before it could not be applied`;
    for (const name of names) if (!this.#names.has(name)) this.#names.set(name, because);
  }

  /** A failure that follows from what is missing says nothing about the migration, and is told as such. */
  judged(outcome: Outcome): Outcome {
    if (!('proven' in outcome)) return outcome;
    const { provable, proven } = outcome;
    if (proven.after) return this.#withDownJudged(outcome);
    const failed = failedStep(proven.up);
    const because = failed && this.#whyNot(provable, provable.checked.up.sql.statements, failed);
    if (failed?.error === undefined || because === undefined) return outcome;
    return { provable, notProven: `${errorText(failed.error)}; ${because}`, at: failed };
  }

  /** Of a down that fails for what it is run as, or for what is missing, it is not known whether it works. */
  #withDownJudged(outcome: Extract<Outcome, { readonly proven: unknown }>): Outcome {
    const { provable, proven } = outcome;
    const failed = proven.down && failedStep(proven.down);
    const statements = provable.checked.down?.sql.statements ?? [];
    const because = failed && this.#whyNot(provable, statements, failed);
    if (failed?.error === undefined || because === undefined) return outcome;
    const proof = { ...proven.proof, down: { status: 'not-run' as const } };
    const downNotProven = `${errorText(failed.error)}; ${because}`;
    return { provable, proven: { ...proven, proof, downNotProven } };
  }

  #whyNot(
    provable: Provable,
    statements: Provable['checked']['up']['sql']['statements'],
    failed: StepRun,
  ): string | undefined {
    if (!failed.error) return undefined;
    const statement = statements.find(({ span }) => span.start === failed.step.span.start);
    const unmade: Unmade = { names: this.#names, extensions: [...this.#extensions] };
    return NO_RIGHT.has(failed.error.code)
      ? 'the shadow database is run as an ordinary owner, whose rights are not those of who runs the migrations'
      : isSettingOfTheRunner(failed.error)
        ? 'whoever runs the migrations has to set it'
        : (followsFrom(failed.error, statement, unmade) ?? inCodeBefore(failed.error, provable));
  }
}

function failedStep(up: SectionResult): StepRun | undefined {
  return up.status === 'failed' ? up.steps.at(-1) : undefined;
}

/** What is not there may be what a migration in another language makes, which nobody has run here. */
function inCodeBefore(error: DatabaseErrorFields, { codeBefore }: Provable): string | undefined {
  return codeBefore !== undefined && isNotThere(error)
    ? `${codeBefore} right before it is not SQL and was not run`
    : undefined;
}
