import {
  type Connection,
  ConnectionLost,
  DatabaseError,
  type DatabaseErrorFields,
} from '../engine/connection.ts';
import { leavesNothing, runSection, type SectionRun, type StepRun } from '../engine/run-section.ts';
import type { Piece } from './base/piece.ts';
import { followsFrom, missingAfter, missingAfterText, notThere, type Unmade } from './base/unmade.ts';
import { errorSpan, errorText } from './told-statements.ts';

/** One statement of the base that does not run; what follows from it is told with it. */
export interface BaseProblem {
  /** Of the migration. */
  readonly id?: string | undefined;
  /** Relative to the repository root. */
  readonly file: string;
  readonly line: number;
  /** What the server said. */
  readonly error: string;
  /** SQLSTATE. */
  readonly code: string;
  /** What it follows from, where that is no other statement. */
  readonly because?: string | undefined;
  /** Statements that fail because of it: "migrations/3_x.sql:4". */
  readonly consequences: readonly string[];
  /** How many further statements of the same file are refused with the same code. */
  readonly alike: number;
}

/** A piece that ended the shadow, and is left out. */
export interface Lost {
  readonly piece: Piece;
  readonly error: ConnectionLost;
}

export interface ReplayOptions {
  readonly lost?: readonly Lost[] | undefined;
  /** Told after each piece, for progress. */
  readonly onDone?: ((count: number) => void) | undefined;
}

export interface Replayed {
  readonly problems: readonly BaseProblem[];
  readonly unmade: Unmade;
}

/**
 * Replays what makes the base state. When a piece fails, its statements are run one by one, and those that can be are:
 * what comes after it, and the proof, go on with as much as there is.
 *
 * @param missing extensions that could not be had
 * @throws ConnectionLost when the shadow answers no more
 */
export async function replay(
  connection: Connection,
  pieces: readonly Piece[],
  missing: readonly string[] = [],
  { lost = [], onDone }: ReplayOptions = {},
): Promise<Replayed> {
  const problems: Root[] = [];
  const names = new Map<string, string>();
  const extensions: string[] = [];
  const unmade: Unmade = { names, extensions };
  const roots = new Map<string, Root>();
  for (const { piece, error } of lost) {
    const problem = rootOf(piece, piece.sql.statements[0]?.span.start ?? 0, error.message, '');
    problems.push(problem);
    const cause = `${piece.file.path} could not be replayed`;
    roots.set(cause, problem);
    for (const name of piece.sql.statements.flatMap(missingAfter)) names.set(name, cause);
  }
  for (const [at, piece] of pieces.entries()) {
    extensions.push(...missing.filter((name) => !extensions.includes(name) && creates(piece, name)));
    const failed = (await atOnce(connection, piece)) ? [] : await oneByOne(connection, piece.run);
    for (const step of failed) {
      const { error } = step;
      if (!error) continue;
      const statement = piece.sql.statements.find(({ span }) => span.start === step.step.span.start);
      const line = piece.file.position(errorSpan(step).start).line;
      const place = `${piece.file.path}:${line}`;
      const because = followsFrom(error, statement, unmade);
      const known = because === undefined ? undefined : roots.get(because);
      const own = `${place} does not run in the base state`;
      const twin = problems.find(({ file, code }) => file === piece.file.path && code === error.code);
      const text = gapIn(piece, step) ?? told(error);
      const problem = known ?? twin ?? rootOf(piece, errorSpan(step).start, text, error.code, because);
      if (known) known.consequences.push(place);
      else if (twin) twin.alike++;
      else problems.push(problem);
      for (const cause of [own, because]) if (cause !== undefined) roots.set(cause, problem);
      const made = statement ? missingAfter(statement) : missingAfterText(step.step.sql);
      for (const name of [...made, ...notThere(error)]) if (!names.has(name)) names.set(name, own);
    }
    onDone?.(at + 1);
  }
  return { problems, unmade };
}

type Root = Omit<BaseProblem, 'consequences' | 'alike'> & { readonly consequences: string[]; alike: number };

function rootOf({ id, file }: Piece, at: number, error: string, code: string, because?: string): Root {
  const { line } = file.position(at);
  return { id, file: file.path, line, error, code, because, consequences: [], alike: 0 };
}

function creates({ sql }: Piece, extension: string): boolean {
  return sql.statements.some((each) => each.kind === 'create-extension' && each.extension === extension);
}

/** What could not be read in a statement says more than what the server makes of it. */
function gapIn({ sql }: Piece, { step: { span } }: StepRun): string | undefined {
  return sql.notAnalysed.find((gap) => span.start <= gap.span.start && gap.span.end <= span.end)?.reason;
}

/** insufficient_privilege of the documentation's errcodes-appendix. */
const NO_RIGHT = '42501';

function told(error: Parameters<typeof errorText>[0]): string {
  const text = errorText(error);
  return error.code === NO_RIGHT ? `${text}; the shadow database is run as an ordinary owner` : text;
}

/**
 * A whole section as one message, which is one transaction (protocol-flow of the documentation): nobody asks how long
 * each statement of the history takes. False: it could not be done, and nothing of it was.
 */
async function atOnce(connection: Connection, { run: { transaction, steps } }: Piece): Promise<boolean> {
  if (!transaction) return false;
  const texts = ['BEGIN', ...steps.map(({ sql }) => sql), 'COMMIT'];
  try {
    // Line ends part them: a statement may end in a comment.
    await connection.run(texts.join('\n;\n'));
    if (!leavesNothing(steps)) await connection.run('DISCARD ALL');
    return true;
  } catch (error) {
    if (error instanceof ConnectionLost || !(error instanceof DatabaseError)) throw error;
    await connection.run('ROLLBACK');
    return false;
  }
}

/** Each statement for itself; those that failed. */
async function oneByOne(connection: Connection, run: SectionRun): Promise<StepRun[]> {
  if (run.transaction) return withSavepoints(connection, run);
  const failed: StepRun[] = [];
  for (let steps = run.steps; steps.length > 0; ) {
    const result = await runSection(connection, { ...run, steps });
    if (result.status === 'lost') throw result.lost;
    const last = result.steps.at(-1);
    if (result.status === 'done' || !last) break;
    failed.push(last);
    steps = steps.slice(result.steps.length);
  }
  return failed;
}

const SAVEPOINT = 'airlock_statement';

async function withSavepoints(connection: Connection, { steps }: SectionRun): Promise<StepRun[]> {
  const failed: StepRun[] = [];
  await connection.run('DISCARD ALL');
  await connection.run('BEGIN');
  for (const step of steps) {
    // There is none where the section has ended the transaction itself.
    const held = (await attempt(connection, `SAVEPOINT ${SAVEPOINT}`)) === undefined;
    const error = await attempt(connection, step.sql);
    if (!error) continue;
    failed.push({ step, durationMs: 0, error });
    await attempt(connection, held ? `ROLLBACK TO SAVEPOINT ${SAVEPOINT}` : 'ROLLBACK');
  }
  const error = await attempt(connection, 'COMMIT');
  const last = steps.at(-1);
  // Deferred constraints are checked here, and nothing of the section is kept then.
  if (error && last) failed.push({ step: last, durationMs: 0, error });
  await connection.run('ROLLBACK');
  await connection.run('DISCARD ALL');
  return failed;
}

/** What the server said against it. */
async function attempt(connection: Connection, sql: string): Promise<DatabaseErrorFields | undefined> {
  try {
    await connection.run(sql);
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.fields;
  }
}
