import type {
  CheckedMigration,
  CheckedSection,
  PlacedProblem,
  Problem,
  SectionName,
  Size,
  StatementContext,
  Target,
} from '../rules/rule.ts';
import { applyStatement } from '../sql/catalog/apply.ts';
import type { Catalog, CatalogTable } from '../sql/catalog/catalog.ts';
import type { SchemaCatalog } from '../sql/catalog/schema-catalog.ts';
import { SessionState } from '../sql/session.ts';
import type { ObjectName, Statement, StatementKind } from '../sql/statement.ts';
import { asBlock, CalledBodies, type CalledBody } from './called-bodies.ts';
import type { Raised } from './raised.ts';
import type { ActiveRule } from './settings.ts';
import { sizeOfRows } from './table-size.ts';

type AnyCheck = (statement: Statement, context: StatementContext) => Iterable<Problem> | undefined;

interface Check {
  readonly active: ActiveRule;
  readonly run: AnyCheck;
}

/** Checks by section and statement kind, so that a statement meets only the rules that care for it. */
export interface Dispatch
  extends Readonly<Record<SectionName, ReadonlyMap<StatementKind, readonly Check[]>>> {
  /** Rules that look at a migration as a whole. */
  readonly migration: readonly ActiveRule[];
}

export function dispatchOf(active: readonly ActiveRule[]): Dispatch {
  const dispatch = {
    up: new Map<StatementKind, Check[]>(),
    down: new Map<StatementKind, Check[]>(),
    verify: new Map<StatementKind, Check[]>(),
    migration: active.filter(({ rule }) => rule.migration !== undefined),
  };
  for (const rule of active) {
    for (const section of rule.rule.sections ?? (['up', 'down'] as const)) {
      for (const [kind, run] of Object.entries(rule.rule.statements ?? {})) {
        const checks = dispatch[section].get(kind as StatementKind) ?? [];
        checks.push({ active: rule, run: run as AnyCheck });
        dispatch[section].set(kind as StatementKind, checks);
      }
    }
  }
  return dispatch;
}

export interface CheckInput {
  readonly checked: CheckedMigration;
  readonly dispatch: Dispatch;
  readonly target: Target;
  /** Ids of all migrations under review, this one included. */
  readonly change: ReadonlySet<string>;
}

/** Runs every rule over one migration and moves the catalog past its up. */
export function checkMigration(input: CheckInput, catalog: SchemaCatalog): Raised[] {
  const { checked } = input;
  catalog.startSession(checked.migration.up.file);
  const before = catalog.clone();
  const { id } = checked.migration;
  const up = checkSection(input, checked.up, catalog, id);
  // Nothing moves it before the next migration, so it need not be copied.
  const after = catalog;
  const raised = [
    ...up,
    ...(checked.down ? checkSection(input, checked.down, catalog.clone(), `${id}:down`) : []),
    ...(checked.verify ? checkSection(input, checked.verify, catalog.clone(), `${id}:verify`) : []),
  ];
  const isNew = (relation: ObjectName): boolean =>
    isFresh(after.table(relation) ?? before.table(relation), checked.migration.id, input.change);
  const size = (relation: ObjectName): Size | undefined => sizeOf(relation, after, input.target, checked);
  // One context for all rules, each of which has ended before the next one's options are put in.
  const context = {
    migration: checked,
    before,
    after,
    target: input.target,
    options: NO_OPTIONS,
    text: checked.migration.up.file.text,
    isNew,
    size,
  };
  for (const active of input.dispatch.migration) {
    context.options = active.options;
    for (const problem of active.rule.migration?.(context) ?? []) raised.push(place(problem, active));
  }
  return raised;
}

/** For migrations that are history: only what they do to the schema counts. */
export function applyMigration(checked: CheckedMigration, catalog: SchemaCatalog): void {
  catalog.startSession(checked.migration.up.file);
  for (const statement of checked.up.sql.statements) applyStatement(catalog, statement, checked.migration.id);
  if (checked.up.sql.errors.length > 0 || checked.up.sql.notAnalysed.length > 0) catalog.incomplete = true;
}

function checkSection(
  input: CheckInput,
  section: CheckedSection,
  catalog: SchemaCatalog,
  author: string,
): Raised[] {
  const { checked, target, change } = input;
  const raised: Raised[] = [];
  const { file } = sectionOf(checked, section.name);
  catalog.startSession(file);
  const { statements } = section.sql;
  const called = new CalledBodies(catalog, file, (span) => statementAround(statements, span));
  const session = new SessionState(section.execution, statements);
  const checks = input.dispatch[section.name];
  // Dozens of rules ask it of the same relation, and until the statement is applied the answer stays.
  const fresh = new Map<ObjectName, boolean>();
  const isNew = (relation: ObjectName): boolean => {
    const known = fresh.get(relation);
    if (known !== undefined) return known;
    const answer = isFresh(catalog.table(relation), author, section.name === 'up' ? change : undefined);
    fresh.set(relation, answer);
    return answer;
  };
  const size = (relation: ObjectName): Size | undefined => sizeOf(relation, catalog, target, checked);
  for (const [index, statement] of statements.entries()) {
    fresh.clear();
    const common = {
      migration: checked,
      section,
      index,
      catalog: catalog as Catalog,
      target,
      text: file.text,
      inTransaction: session.inTransaction,
      isNew,
      size,
      timeouts: session.timeouts,
    };
    const visit = (visited: Statement, nested: boolean, within?: CalledBody): void => {
      // One context for all rules, each of which has ended before the next one's options are put in.
      const context = { ...common, nested, options: NO_OPTIONS };
      if (within) context.text = within.text;
      for (const { active, run } of checks.get(visited.kind) ?? []) {
        context.options = active.options;
        for (const problem of run(visited, context) ?? []) {
          const shown = within
            ? called.placed(active.rule.id, problem, visited, within)
            : { problem, at: visited, around: statement };
          const inBody = nested || within !== undefined;
          if (shown)
            raised.push(raise(shown.problem, active, checked, section.name, shown.at, shown.around, inBody));
        }
      }
      called.meets(visited, nested, within);
      if (visited.kind === 'do') for (const inner of visited.body.statements) visit(inner, true, within);
    };
    visit(statement, false);
    for (let body = called.next(); body; body = called.next()) visit(asBlock(body), true, body);
    called.end();
    session.after(statement);
    applyStatement(catalog, statement, author);
  }
  if (section.name === 'up' && (section.sql.errors.length > 0 || section.sql.notAnalysed.length > 0))
    catalog.incomplete = true;
  return raised;
}

const NO_OPTIONS: ActiveRule['options'] = {};

/** Made by this section, or by an up of the same change, and not filled from elsewhere since. */
function isFresh(
  table: CatalogTable | undefined,
  author: string,
  change: ReadonlySet<string> | undefined,
): boolean {
  if (!table) return false;
  return table.addedBy === author || (change?.has(table.addedBy) === true && !table.populated);
}

function sizeOf(
  relation: ObjectName,
  catalog: Catalog,
  target: Target,
  checked: CheckedMigration,
): Size | undefined {
  const known =
    target.tables.get(catalog.key(relation)) ??
    (relation.schema === undefined ? target.tables.get(relation.name) : undefined);
  const measured = sizeOfRows(known);
  if (measured) return measured;
  const { metadata } = checked.migration;
  if (!metadata) return undefined;
  const named = metadata.affectedTables;
  if (named && !named.includes(relation.name) && !named.includes(catalog.key(relation))) return undefined;
  return {
    volume: metadata.dataVolume,
    measured: false,
    basis: `the metadata (dataVolume: ${metadata.dataVolume})`,
  };
}

export function sectionOf(checked: CheckedMigration, name: SectionName): CheckedMigration['migration']['up'] {
  const { migration } = checked;
  return (name === 'up' ? migration.up : name === 'down' ? migration.down : migration.verify) ?? migration.up;
}

/** A problem of a whole-migration or whole-change check. */
export function place(problem: PlacedProblem, active: ActiveRule): Raised {
  const section = sectionOf(problem.migration, problem.section);
  const whole = section.pieces[0] ?? { start: 0, end: 0 };
  const statements = problem.migration[problem.section]?.sql.statements ?? [];
  const span = problem.span ?? {
    start: whole.start,
    end: Math.min(whole.end, lineEnd(section.file.text, whole.start)),
  };
  const statement = statementAround(statements, span);
  const raised = raise(
    { ...problem, span },
    active,
    problem.migration,
    problem.section,
    { span },
    statement ?? { span },
  );
  return problem.span ? raised : { ...raised, whole: true };
}

/** By halves: a rule may place a problem at every statement of a long file. */
function statementAround(statements: readonly Statement[], span: Statement['span']): Statement | undefined {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((statements[middle]?.span.start ?? 0) <= span.start) low = middle + 1;
    else high = middle;
  }
  const candidate = statements[low - 1];
  return candidate && span.end <= candidate.span.end ? candidate : undefined;
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}

function raise(
  problem: Problem,
  active: ActiveRule,
  checked: CheckedMigration,
  section: SectionName,
  at: Pick<Statement, 'span'>,
  statement: Pick<Statement, 'span'>,
  inBody = false,
): Raised {
  const { rule } = active;
  const severity = problem.severity ?? active.severity;
  return {
    ruleId: rule.id,
    // A rollback is run rarely and by choice: its findings inform (pull requests are judged by their ups).
    severity: section === 'down' && !rule.keepSeverityInDown ? 'info' : severity,
    file: sectionOf(checked, section).file,
    span: problem.span ?? at.span,
    statement: statement.span,
    migrationId: checked.migration.id,
    message: problem.message,
    why: rule.why,
    advice: problem.advice ?? rule.safeAlternative,
    ...(problem.fix ? { fix: problem.fix } : {}),
    ...(problem.claims ? { claims: problem.claims } : {}),
    ...(problem.unread ? { unread: true } : {}),
    ...(inBody ? { inBody } : {}),
    migration: checked,
    section,
  };
}
