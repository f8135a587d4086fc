import { closest } from '../migration/did-you-mean.ts';
import type { IgnoreInForce } from '../report/result.ts';
import type { CheckedMigration, CheckedSection, Rule } from '../rules/rule.ts';
import type { SourceFile, Span } from '../sql/source.ts';
import type { Raised } from './raised.ts';
import type { ActiveRule } from './settings.ts';
import { suppressionIndex } from './suppression-index.ts';
import { type Aliases, aliasesOf, findSuppressions, type Suppression } from './suppressions.ts';

/** What the base branch's configuration says about ignoring. */
export interface IgnorePolicy {
  readonly comments: boolean;
  /** Rules that no comment can silence. */
  readonly never: readonly string[];
  readonly accept: readonly {
    readonly rule: string;
    readonly reason: string;
    readonly matches?: ((path: string) => boolean) | undefined;
  }[];
}

export const OBEY: IgnorePolicy = { comments: true, never: [], accept: [] };

export interface Suppressed {
  /** What is left, with findings about the comments themselves. */
  readonly raised: readonly Raised[];
  readonly held: readonly Raised[];
  readonly ignores: readonly IgnoreInForce[];
}

/** Takes out what ignore comments hold back, and reports the comments that hold back nothing or give no reason. */
export function applySuppressions(
  raised: readonly Raised[],
  changed: readonly CheckedMigration[],
  rules: ReadonlyMap<string, Rule>,
  active: readonly ActiveRule[],
  policy: IgnorePolicy = OBEY,
  proven = false,
): Suppressed {
  const accepted = acceptances(policy);
  const held: Raised[] = [];
  const open: Raised[] = [];
  for (const each of raised) (accepted?.holds(each) ? held : open).push(each);
  const ignoresOfPolicy = accepted?.ignores() ?? [];
  if (!policy.comments) return { raised: open, held, ignores: ignoresOfPolicy };
  let known: Aliases | undefined;
  const aliases = (): Aliases => {
    known ??= aliasesOf(rules.values());
    return known;
  };
  const byPath = new Map<string, Suppression[]>();
  for (const file of filesOf(changed)) {
    const found = findSuppressions(file, rules, aliases);
    if (found.length > 0) byPath.set(file.path, found);
  }
  if (byPath.size === 0) return { raised: open, held, ignores: ignoresOfPolicy };
  const statements = statementsByPath(changed);
  const lookups = new Map(
    [...byPath].map(([path, found]) => [path, suppressionIndex(found, statements.get(path) ?? [])]),
  );
  const kept: Raised[] = [];
  for (const each of open) {
    const suppression = policy.never.includes(each.ruleId) ? undefined : lookups.get(each.file.path)?.(each);
    if (suppression) suppression.used++;
    (suppression ? held : kept).push(each);
  }
  const all = [...byPath.values()].flat();
  const ignores = all
    .filter(({ used }) => used > 0)
    .map((suppression) => ({
      ruleId: suppression.ruleIds.join(', '),
      file: suppression.file.path,
      line: suppression.file.position(suppression.span.start).line,
      reason:
        suppression.reason ||
        (suppression.foreign === undefined
          ? 'no reason given'
          : `no reason given (${suppression.foreign} comment)`),
      suppressed: suppression.used,
    }));
  // What only a proof can fire was not looked for without one.
  const isDue = ({ used, ruleIds }: Suppression): boolean =>
    proven || used > 0 || !ruleIds.some((id) => rules.get(id)?.firedBy === 'proof');
  return {
    raised: [...kept, ...complaints(all.filter(isDue), changed, rules, active, policy.never)],
    held,
    ignores: [...ignores, ...ignoresOfPolicy],
  };
}

function* partsOf(checked: CheckedMigration): Generator<readonly [CheckedSection, SourceFile]> {
  const { migration, up, down, verify } = checked;
  yield [up, migration.up.file];
  if (down && migration.down) yield [down, migration.down.file];
  if (verify && migration.verify) yield [verify, migration.verify.file];
}

function filesOf(changed: readonly CheckedMigration[]): Iterable<SourceFile> {
  const files = new Map<string, SourceFile>();
  for (const checked of changed) for (const [, file] of partsOf(checked)) files.set(file.path, file);
  return files.values();
}

/** Where the statements of each file stand, in order; those that cannot be read too. */
function statementsByPath(changed: readonly CheckedMigration[]): ReadonlyMap<string, readonly Span[]> {
  const found = new Map<string, Span[]>();
  for (const checked of changed) {
    for (const [{ sql }, { path }] of partsOf(checked)) {
      const spans = found.get(path) ?? [];
      for (const { span } of sql.statements) spans.push(span);
      for (const { statement } of sql.errors) spans.push(statement);
      found.set(path, spans);
    }
  }
  for (const spans of found.values()) spans.sort((a, b) => a.start - b.start);
  return found;
}

function complaints(
  all: readonly Suppression[],
  changed: readonly CheckedMigration[],
  rules: ReadonlyMap<string, Rule>,
  active: readonly ActiveRule[],
  never: readonly string[],
): Raised[] {
  const nearest = new Map<string, string | undefined>();
  const byId = new Map(active.map((each) => [each.rule.id, each]));
  const byPath = new Map(
    changed.flatMap(
      (checked) =>
        [
          [checked.migration.up.file.path, checked],
          ...(checked.migration.down ? [[checked.migration.down.file.path, checked] as const] : []),
        ] as const,
    ),
  );
  const raised: Raised[] = [];
  const add = (ruleId: string, suppression: Suppression, message: string, advice?: string): void => {
    const each = byId.get(ruleId);
    if (!each) return;
    const checked = byPath.get(suppression.file.path);
    raised.push({
      ruleId,
      severity: each.severity,
      file: suppression.file,
      span: suppression.span,
      message,
      why: each.rule.why,
      advice: advice ?? each.rule.safeAlternative,
      ...(checked ? { migrationId: checked.migration.id, migration: checked } : {}),
    });
  };
  for (const suppression of all) {
    if (suppression.foreign === undefined && suppression.written === '')
      add(
        'ignore-without-reason',
        suppression,
        'This ignore names no rule.',
        'Write -- @ignore <rule-id> <reason>.',
      );
    else if (suppression.foreign === undefined && suppression.ruleIds.length === 0) {
      const { written } = suppression;
      if (!nearest.has(written)) nearest.set(written, closest(written, rules.keys()));
      const near = nearest.get(written);
      add(
        'unused-suppression',
        suppression,
        `There is no rule "${suppression.written}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
        near === undefined ? undefined : `Write -- @ignore ${near} <reason>.`,
      );
    } else {
      if (suppression.foreign === undefined && !REASON.test(suppression.reason))
        add('ignore-without-reason', suppression, `This ignore of "${suppression.written}" gives no reason.`);
      const refused = suppression.ruleIds.find((id) => never.includes(id));
      if (suppression.used === 0 && refused !== undefined)
        add(
          'unused-suppression',
          suppression,
          `No comment can ignore "${refused}", so this one does nothing.`,
          'Where policy accepts it, name the rule, the files and the reason under ignore.accept in migration.config.yml on the base branch.',
        );
      else if (suppression.used === 0)
        add(
          'unused-suppression',
          suppression,
          suppression.ruleIds.length === 0
            ? `"${suppression.written}" of ${suppression.foreign} has no counterpart here, so this comment ignores nothing.`
            : `Nothing is wrong with "${suppression.written}" here: this comment ignores nothing.`,
        );
    }
  }
  return raised;
}

/** A word or a number at least: a full stop is no reason. */
const REASON = /[\p{L}\p{N}]{2}/u;

interface Acceptances {
  holds(raised: Raised): boolean;
  ignores(): IgnoreInForce[];
}

/** Findings that the repository's policy lives with; they stand in the report like every other ignore. */
function acceptances({ accept }: IgnorePolicy): Acceptances | undefined {
  if (accept.length === 0) return undefined;
  const held = new Map<string, IgnoreInForce>();
  return {
    holds(raised) {
      const policy = accept.find(
        ({ rule, matches }) => rule === raised.ruleId && (matches?.(raised.file.path) ?? true),
      );
      if (!policy) return false;
      const key = `${raised.ruleId} ${raised.file.path}`;
      const before = held.get(key);
      held.set(key, {
        ruleId: raised.ruleId,
        file: raised.file.path,
        line: before?.line ?? raised.file.position(raised.span.start).line,
        reason: `${policy.reason} (accepted by the configuration)`,
        suppressed: (before?.suppressed ?? 0) + 1,
      });
      return true;
    },
    ignores: () => [...held.values()],
  };
}
