import type { Layout, LayoutReading } from './migration/layout.ts';
import type { Migration, Section } from './migration/migration.ts';
import type { IgnoreInForce, NotAnalysedEntry } from './report/result.ts';
import type { ChangeContext, CheckedMigration, CheckedSection, Rule, SectionName } from './rules/rule.ts';
import { namesMade } from './sql/catalog/horizon.ts';
import { SchemaCatalog } from './sql/catalog/schema-catalog.ts';
import type { IgnorePolicy } from './validation/apply-suppressions.ts';
import { applyMigration, checkMigration, dispatchOf, place } from './validation/check-migration.ts';
import { executionOf } from './validation/execution.ts';
import { parseSection, prepareParser } from './validation/parse.ts';
import type { Raised } from './validation/raised.ts';
import { readingFindings, syntaxFindings } from './validation/reading-findings.ts';
import { type ActiveRule, activeRules, type ValidationSettings } from './validation/settings.ts';
import { settle } from './validation/settle.ts';

export interface ValidationInput {
  readonly layout: Layout;
  readonly reading: LayoutReading;
  /** Whether a migration is under review; the others are history. */
  readonly isChanged: (migration: Migration) => boolean;
  /** A change is one thing (a pull request): what one of its migrations creates is new to the others too. */
  readonly changeIsOne: boolean;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly settings: ValidationSettings;
  readonly git?: ChangeContext['git'];
  readonly ignore?: IgnorePolicy | undefined;
  /** Gives memory back; called between the steps of a very long change. */
  readonly freeMemory?: (() => Promise<void>) | undefined;
}

export interface Validation {
  readonly raised: readonly Raised[];
  /** All that the rules said, before `settle`: what a proof refutes may have kept other findings silent. */
  readonly unsettled: readonly Raised[];
  readonly ignores: readonly IgnoreInForce[];
  readonly notAnalysed: readonly NotAnalysedEntry[];
  readonly checked: readonly CheckedMigration[];
  /** All migrations in order of execution, those under review among them. */
  readonly all: readonly CheckedMigration[];
  readonly statements: number;
}

/**
 * Runs the rules over the migrations under review, in the schema that the earlier ones make. Nothing is
 * executed: findings are of stage `static`. A rule that throws is a defect and is not caught here.
 */
export async function validate(input: ValidationInput): Promise<Validation> {
  const { settings, reading } = input;
  await prepareParser(settings.dialect);
  const active = activeRules(input.rules.values(), settings);
  const dispatch = dispatchOf(active);
  const catalog = new SchemaCatalog();
  catalog.incomplete = reading.unread.length > 0;
  const raised: Raised[] = readingFindings(reading, active, input.isChanged);
  const notAnalysed: NotAnalysedEntry[] = reading.unread.map(({ file, line, reason }) => ({
    file,
    line,
    reason,
  }));
  const length = reading.migrations.reduce((sum, { up }) => sum + up.file.text.length, 0);
  const freeMemory = length > LONG ? input.freeMemory : undefined;
  await freeMemory?.();
  const all: CheckedMigration[] = [];
  for (const migration of reading.migrations) {
    // A statement that the parser could not hold may have cost it; the next file starts with a sound one.
    await prepareParser(settings.dialect);
    all.push(read(migration, input));
  }
  const made = new Set<string>();
  for (const { up } of all) namesMade(up.sql.statements, made);
  catalog.horizon.made = made;
  const changed = all.filter((checked) => checked.changed);
  await freeMemory?.();
  const change = new Set(changed.map(({ migration }) => migration.id));
  let before: SchemaCatalog | undefined;
  let statements = 0;
  for (const checked of all) {
    if (!checked.changed) {
      applyMigration(checked, catalog);
      continue;
    }
    before ??= catalog.clone();
    for (const section of sectionsOf(checked)) {
      statements += section.sql.statements.length;
      append(raised, syntaxFindings(checked, section, active, settings.dialect));
      append(notAnalysed, gaps(checked, section));
    }
    const own = input.changeIsOne ? change : new Set([checked.migration.id]);
    append(raised, checkMigration({ checked, dispatch, target: settings.target, change: own }, catalog));
  }
  await freeMemory?.();
  append(raised, checkChange(input, active, all, changed, before ?? catalog, catalog));
  const settled = settle(raised, { changed, rules: input.rules, active, policy: input.ignore });
  append(notAnalysed, unreadButIgnored(settled.held));
  return {
    raised: settled.raised,
    unsettled: raised,
    ignores: settled.ignores,
    notAnalysed,
    checked: changed,
    all,
    statements,
  };
}

/** Characters from which on memory is worth the time to give it back: some 50,000 statements. */
const LONG = 4_000_000;

/** Not push(...more): arguments stand on the stack, and a file of 100,000 statements has more findings than fit there. */
function append<T>(list: T[], more: readonly T[]): void {
  for (const each of more) list.push(each);
}

function checkChange(
  input: ValidationInput,
  active: readonly ActiveRule[],
  all: readonly CheckedMigration[],
  changed: readonly CheckedMigration[],
  before: SchemaCatalog,
  after: SchemaCatalog,
): Raised[] {
  const raised: Raised[] = [];
  for (const each of active) {
    const context: ChangeContext = {
      all,
      changed,
      target: input.settings.target,
      options: each.options,
      before,
      after,
      ...(input.git ? { git: input.git } : {}),
    };
    for (const problem of each.rule.change?.(context) ?? []) raised.push(place(problem, each));
  }
  return raised;
}

function read(migration: Migration, input: ValidationInput): CheckedMigration {
  const changed = input.isChanged(migration);
  const section = (name: SectionName, part: Section): CheckedSection => {
    const sql = parseSection(part, input.settings);
    return { name, sql, execution: executionOf(part, sql, input.layout, input.settings) };
  };
  return {
    migration,
    changed,
    up: section('up', migration.up),
    ...(migration.down && changed ? { down: section('down', migration.down) } : {}),
    ...(migration.verify && changed ? { verify: section('verify', migration.verify) } : {}),
  };
}

function sectionsOf(checked: CheckedMigration): CheckedSection[] {
  return [checked.up, ...(checked.down ? [checked.down] : []), ...(checked.verify ? [checked.verify] : [])];
}

function gaps(checked: CheckedMigration, section: CheckedSection): NotAnalysedEntry[] {
  const { migration } = checked;
  const { file } =
    (section.name === 'down'
      ? migration.down
      : section.name === 'verify'
        ? migration.verify
        : migration.up) ?? migration.up;
  return section.sql.notAnalysed.map(({ span, reason }) => ({
    file: file.path,
    line: file.position(span.start).line,
    reason,
  }));
}

/** To live with a syntax error is not to know what the statement does. */
function unreadButIgnored(held: readonly Raised[]): NotAnalysedEntry[] {
  return held
    .filter(({ ruleId }) => ruleId === 'syntax-error')
    .map(({ file, span }) => ({
      file: file.path,
      line: file.position(span.start).line,
      reason: 'the parser cannot read this statement, and its syntax error is ignored',
    }));
}
