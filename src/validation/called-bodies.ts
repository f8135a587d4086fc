import type { Problem } from '../rules/rule.ts';
import { changesSchema } from '../sql/catalog/apply-calls.ts';
import { callsIn, callsInText, knownRoutine, routinesCalled } from '../sql/catalog/calls.ts';
import type { KnownRoutine } from '../sql/catalog/routines.ts';
import type { SchemaCatalog } from '../sql/catalog/schema-catalog.ts';
import type { SourceFile, Span } from '../sql/source.ts';
import {
  displayName,
  type ObjectName,
  type RoutineBody,
  type Statement,
  type StatementOf,
} from '../sql/statement.ts';

/** The body of a routine that a statement runs, by a call of its own or by that of another body. */
export interface CalledBody {
  readonly body: RoutineBody;
  /** Undefined where no migration defines what is called: the body only says so. */
  readonly routine?: KnownRoutine | undefined;
  /** The statement of this section in which the body stands; undefined for one of an earlier migration. */
  readonly home?: Pick<Statement, 'span'> | undefined;
  /** The last statement on the way to it that stands in this section, and the first. */
  readonly caller: Statement;
  readonly origin: Statement;
  /** Of the file that the body stands in. */
  readonly text: string;
}

export interface Placed {
  readonly problem: Problem;
  readonly at: Pick<Statement, 'span'>;
  readonly around: Pick<Statement, 'span'>;
}

/**
 * Statements of bodies that are judged again because of further calls in the file. The first call of a body has it
 * judged however many bodies there are.
 */
const MOST_AGAIN = 20_000;

/**
 * What the calls of one section run, each body once a statement. A body waits for its turn instead of being entered
 * where it is called, so that routines may call one another to any depth. It is not judged again while the schema and the
 * session stay as they are, unless something has to be said at each of its calls.
 */
export class CalledBodies {
  readonly #catalog: SchemaCatalog;
  readonly #file: SourceFile;
  readonly #around: (span: Span) => Pick<Statement, 'span'> | undefined;
  readonly #judged = new Set<RoutineBody>();
  /** With the state in which nothing had to be said at a call. */
  readonly #settled = new Map<RoutineBody, number>();
  /** Problems that stand in this section's bodies: one is enough, whoever calls. */
  readonly #said = new Set<string>();
  #again = 0;
  /** Counts what changes the schema or the session. */
  #state = 0;
  // Of the statement at hand.
  #stateBefore = 0;
  #waiting: CalledBody[] = [];
  #next = 0;
  #seen = new Set<RoutineBody>();
  #toldAtCall = false;
  /** Routines that a body makes: the catalog has them when the whole statement is over. */
  #made: KnownRoutine[] = [];

  constructor(
    catalog: SchemaCatalog,
    file: SourceFile,
    around: (span: Span) => Pick<Statement, 'span'> | undefined,
  ) {
    this.#catalog = catalog;
    this.#file = file;
    this.#around = around;
  }

  /** Takes note of what a statement calls. `within` is the called body that it stands in. */
  meets(statement: Statement, nested: boolean, within: CalledBody | undefined): void {
    if (statement.kind === 'do') {
      if (statement.body.dynamic.length > 0) this.#meetsTexts(statement, within);
      return;
    }
    if (statement.kind === 'call' || statement.functions.length > 0)
      for (const name of callsIn(statement)) this.#call(name, statement, within);
    if (nested && statement.kind === 'create-function') this.#make(statement, within);
    if (changesSchema(statement)) this.#state++;
  }

  next(): CalledBody | undefined {
    return this.#waiting[this.#next++];
  }

  /** The statement is over, with all that it runs. */
  end(): void {
    if (this.#waiting.length > 0) {
      if (!this.#toldAtCall && this.#state === this.#stateBefore)
        for (const body of this.#seen) this.#settled.set(body, this.#state);
      this.#waiting = [];
      this.#seen = new Set();
      this.#toldAtCall = false;
    }
    this.#next = 0;
    this.#stateBefore = this.#state;
    if (this.#made.length > 0) this.#made = [];
  }

  /** Where a problem of a called body is shown; undefined when it was shown at an earlier call. */
  placed(ruleId: string, problem: Problem, visited: Statement, within: CalledBody): Placed | undefined {
    const { home, caller, origin, routine } = within;
    if (home) {
      const span = problem.span ?? visited.span;
      const key = `${ruleId} ${span.start} ${span.end} ${problem.message}`;
      if (this.#said.has(key)) return undefined;
      this.#said.add(key);
      const { line } = this.#file.position(origin.span.start);
      const message = `${problem.message} The call on line ${line} executes it.`;
      return { problem: { ...problem, message }, at: visited, around: home };
    }
    this.#toldAtCall = true;
    const { message, advice, severity } = problem;
    const source = routine?.file;
    const told = source
      ? `${message} The call executes it: it stands in "${displayName(routine.name)}" (${source.path}, line ${source.position((problem.span ?? visited.span).start).line}).`
      : message;
    return {
      problem: { message: told, advice, severity },
      at: caller,
      around: this.#around(caller.span) ?? origin,
    };
  }

  #call(name: ObjectName, statement: Statement, within: CalledBody | undefined): void {
    const found = this.#routines(name);
    for (const routine of found) this.#wait(routine, statement, within);
    if (found.length === 0 && this.#isMissing(name, statement))
      this.#wait(nowhere(statement, `no migration here defines "${displayName(name)}"`), statement, within);
  }

  /** What EXECUTE puts together may call routines whose names are written out in it. */
  #meetsTexts(statement: StatementOf<'do'>, within: CalledBody | undefined): void {
    if (this.#catalog.routines.isEmpty && this.#made.length === 0) return;
    const { text } = within ?? this.#file;
    for (const { start, end } of statement.body.dynamic)
      for (const name of callsInText(text.slice(start, end)))
        for (const routine of this.#routines(name)) this.#wait(routine, statement, within);
  }

  #routines(name: ObjectName): readonly KnownRoutine[] {
    const known = routinesCalled(this.#catalog.routines, name);
    if (this.#made.length === 0) return known;
    const made = this.#made.filter(
      (each) => each.name.name === name.name && (name.schema ?? each.schema) === each.schema,
    );
    return [...known.filter((each) => !made.some((one) => isSame(one, each))), ...made];
  }

  #make(statement: StatementOf<'create-function'>, within: CalledBody | undefined): void {
    const schema = this.#catalog.routines.schemaOf(statement.routine);
    const routine = knownRoutine(statement, schema, within?.routine ? within.routine.file : this.#file);
    if (routine) this.#made = [...this.#made.filter((each) => !isSame(each, routine)), routine];
  }

  #wait(called: KnownRoutine | RoutineBody, statement: Statement, within: CalledBody | undefined): void {
    const routine = 'body' in called ? called : undefined;
    const body = 'body' in called ? called.body : called;
    if (this.#seen.has(body) || this.#settled.get(body) === this.#state) return;
    if (this.#judged.has(body)) {
      if (this.#again > MOST_AGAIN) return;
      this.#again += body.statements.length + 1;
      if (this.#again > MOST_AGAIN) {
        this.#wait(nowhere(statement, TOO_MANY), statement, within);
        return;
      }
    }
    this.#judged.add(body);
    this.#seen.add(body);
    this.#waiting.push({
      body,
      routine,
      home: routine?.file === this.#file ? this.#around(body.span) : undefined,
      caller: within && !within.home ? within.caller : statement,
      origin: within?.origin ?? statement,
      text: (routine?.file ?? this.#file).text,
    });
  }

  /**
   * A procedure, or a function in a schema that the migrations made, that none of them defines. Extensions bring theirs,
   * and which schema those stand in is not known; aggregates, too, are not among the routines.
   */
  #isMissing(name: ObjectName, statement: Statement): boolean {
    const catalog = this.#catalog;
    const isProcedure = statement.kind === 'call' && statement.procedure === name;
    const isOurs =
      statement.kind === 'select' &&
      !statement.from &&
      name.schema !== undefined &&
      name.schema !== 'public' &&
      catalog.hasSchema(name.schema) &&
      !catalog.incomplete &&
      catalog.type(name) === undefined;
    return (
      (isOurs || (isProcedure && !OF_EXTENSIONS.has(name.name))) &&
      catalog.routines.volatility(name) === undefined &&
      catalog.extensions().size === 0
    );
  }
}

const TOO_MANY = `the calls in this file execute bodies of more than ${MOST_AGAIN} statements, and from here on those are not looked at again`;

/** Procedures of extensions that are often installed by hand: TimescaleDB and pg_partman. */
const OF_EXTENSIONS: ReadonlySet<string> = new Set([
  'add_columnstore_policy',
  'convert_to_columnstore',
  'convert_to_rowstore',
  'partition_data_proc',
  'reapply_privileges_proc',
  'refresh_continuous_aggregate',
  'remove_columnstore_policy',
  'run_analyze',
  'run_job',
  'run_maintenance_proc',
  'undo_partition_proc',
]);

function isSame(one: KnownRoutine, other: KnownRoutine): boolean {
  return one.name.name === other.name.name && one.schema === other.schema && one.inputs === other.inputs;
}

function nowhere({ span }: Statement, notAnalysed: string): RoutineBody {
  return { language: '', span, statements: [], dynamic: [], notAnalysed };
}

/** A called body is judged like that of a DO block. */
export function asBlock({ body }: CalledBody): StatementOf<'do'> & Statement {
  const { span } = body;
  return { kind: 'do', body, span, node: 'DoStmt', relations: [], functions: [], needsAutocommit: false };
}
