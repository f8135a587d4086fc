import { CONFIGURATION_FILES } from './configuration/load.ts';
import { ConnectionLost } from './engine/connection.ts';
import type { FolderProof, ProveFolder } from './folder-proof.ts';
import { IN_CODE } from './migration/folder-files.ts';
import type { OpenedShadow } from './open-shadow.ts';
import { furnished, furnishedPiece, missingExtensions } from './proof/base/furnished.ts';
import { layBase } from './proof/base/lay-base.ts';
import { type Piece, pieceOf } from './proof/base/piece.ts';
import { isHeld } from './proof/base/snapshot.ts';
import { toolTable } from './proof/base/tool-tables.ts';
import type { BaseProblem } from './proof/base-state.ts';
import type { Furnishing, Given } from './proof/database-shadow.ts';
import { furnishingOf } from './proof/furnishing.ts';
import { type Provable, provable } from './proof/provable.ts';
import type { Base, ChangeProof, ProofProgress } from './proof/prove-change.ts';
import { proveSlices, type Standing, slicesOf } from './proof/prove-slices.ts';
import { errorSpan } from './proof/told-statements.ts';
import { sameOn } from './proof/verdict/measured.ts';
import { toldOnce } from './proof/verdict/told-once.ts';
import { judgeChange } from './proof/verdict/verdict.ts';
import type { ProofSources, SourcesRead } from './proof-sources.ts';
import { plural } from './report/order.ts';
import type { NotAnalysedEntry } from './report/result.ts';
import { registry } from './rules/registry.ts';
import type { CheckedMigration } from './rules/rule.ts';
import { loadPostgresParser, parsePostgres } from './sql/postgres/parser.ts';
import { type Raised, toFinding } from './validation/raised.ts';
import { activeRules } from './validation/settings.ts';
import { settle } from './validation/settle.ts';

/** Milliseconds a proven statement may take where nothing else is configured. */
export const STATEMENT_TIMEOUT = 60_000;

/**
 * Opens a shadow for what is run in it.
 *
 * @param target major version of the target, where the configuration or its sizes say it
 */
export interface OpenFor {
  (furnishing: Furnishing, pieces: readonly Piece[], target: number | undefined): Promise<OpenedShadow>;
  /** It is going to be called: what takes long to start may be started. */
  expect?(target: number | undefined): void;
  /** It was not called. */
  drop?(): Promise<void>;
}

/** How a whole history is proven, which takes long. */
interface WholeHistory {
  readonly begin: (begun: Begun) => Promise<ProofProgress>;
  /** How many shadows may be at work at the same time. */
  readonly workers: number;
}

/** What is going to be proven, once there is a shadow for it. */
export interface Begun {
  readonly changed: readonly Provable[];
  /** What the outcomes go by beside the migrations. */
  readonly circumstances: readonly unknown[];
}

/** Proves what `checkProject` has validated, in a shadow that is opened for it and closed after. */
export function prover(
  open: OpenFor,
  read: () => Promise<SourcesRead>,
  progress: ProofProgress = {},
  whole?: WholeHistory | undefined,
): ProveFolder {
  const prove: ProveFolder = async (validation, settings, policy) => {
    if (validation.checked.length === 0)
      return { ...NOTHING, raised: validation.raised, ignores: validation.ignores };
    const run = {
      placeholders: settings.placeholders,
      lockTimeout: settings.lockTimeout,
      statementTimeout: settings.statementTimeout ?? STATEMENT_TIMEOUT,
    };
    const all = validation.all.map((checked, at) => ({
      ...provable(checked, run),
      codeBefore: codeBetween(validation.notAnalysed, validation.all[at - 1], checked),
    }));
    const known = await read();
    if (!known.ok) return known;
    // In dist this module has a parser of its own (scripts/build.ts, joinChunks).
    await loadPostgresParser();
    const { before, changed, held } = baseOf(all, known.sources, toolTable(all, parsePostgres));
    const needed = [...before, ...changed.map(pieceOf)];
    const opened = await open(furnishingOf(needed, known.sources), before, settings.target.major);
    if (!opened.ok) return { because: opened.reason, next: opened.next };
    const { shadow, given, because } = opened;
    const { text: serverVersion } = shadow.session.server;
    const toProve = changed.map((each) => furnished(each, given));
    let proof: ChangeProof;
    let closed = Promise.resolve();
    try {
      const base = await laidBase(opened, before, progress);
      const further = await whole?.begin({
        changed: toProve,
        circumstances: [shadow.kind, serverVersion, given, needed.length, known.sources],
      });
      // A shadow at an address is one database.
      const slices = slicesOf(toProve, shadow.kind === 'url' ? 1 : (whole?.workers ?? 1));
      const another = async (earlier: readonly Provable[]): Promise<Standing | undefined> => {
        const next = await open(furnishingOf(needed, known.sources), [], settings.target.major);
        if (!next.ok) return undefined;
        return { shadow: next.shadow, laid: await laidBase(next, [...before, ...earlier.map(pieceOf)], {}) };
      };
      const all = { ...progress, ...further };
      proof = await proveSlices({ shadow, laid: base }, slices, another, all);
      await all.ended?.();
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      return { because: `The proof could not be made: ${error.message}`, next: NEXT };
    } finally {
      // What is done with the proof needs the shadow no more.
      closed = shadow.close();
      closed.catch(() => undefined);
    }
    const active = activeRules(registry.values(), settings);
    const judged = judgeChange(validation.unsettled, proof, {
      rules: registry,
      active,
      ranOn: shadow.session.server.major,
      target: settings.target,
      sameOn,
      maxDurations: settings.maxDurations ?? new Map(),
    });
    const settled = settle(judged.raised, {
      changed: validation.checked,
      rules: registry,
      active,
      policy,
      proven: true,
    });
    const refuted = validation.raised.flatMap((raised) => {
      const because = judged.refuted.get(raised);
      return because === undefined ? [] : [{ raised, because }];
    });
    await closed;
    return {
      raised: toldOnce(settled.raised),
      refuted: refuted.map(({ raised, because }) => ({ ...toFinding(raised), because })),
      proofs: judged.proofs,
      ...(proof.chain ? { chain: proof.chain } : {}),
      ignores: settled.ignores,
      notAnalysed: [
        ...missingOf([...(known.sources.prepare ?? []), ...needed], opened),
        ...proof.outcomes.flatMap(notProven),
        ...toProve.flatMap((each) => leftOut(each, given)),
        ...held.map(alreadyThere),
        ...proof.baseProblems.map(notReplayed),
        ...refuted.filter(({ raised }) => raised.ruleId === 'syntax-error').map(unreadButRun),
      ],
      shadow: { kind: shadow.kind, serverVersion, because },
    };
  };
  return Object.assign((...asked: Parameters<ProveFolder>) => prove(...asked).finally(() => open.drop?.()), {
    expect: async (target: number | undefined) => open.expect?.(target),
  });
}

/** The last migration between two that is not SQL; both stand in one folder, by their numbers. */
function codeBetween(
  unread: readonly NotAnalysedEntry[],
  earlier: CheckedMigration | undefined,
  { migration }: CheckedMigration,
): string | undefined {
  return unread
    .filter(({ reason }) => reason.startsWith(IN_CODE))
    .map(({ file }) => file)
    .filter((file) => byNumber.compare(file, migration.up.file.path) < 0)
    .filter((file) => !earlier || byNumber.compare(file, earlier.migration.up.file.path) > 0)
    .sort(byNumber.compare)
    .at(-1);
}

const byNumber = new Intl.Collator('en', { numeric: true });

const NEXT =
  'look at what the migrations do to the database they run in; airlock prove <ids…> leaves the others out';

const NOTHING = { refuted: [], proofs: [], notAnalysed: [] } satisfies Partial<FolderProof>;

/** What is replayed, what is proven on top of it, and what the snapshot shows to be applied already. */
function baseOf(
  all: readonly Provable[],
  { snapshot }: ProofSources,
  table: Piece | undefined,
): { before: readonly Piece[]; changed: readonly Provable[]; held: readonly Provable[] } {
  const last = all.findLastIndex(({ checked }) => checked.changed);
  const upTo = all.slice(0, last + 1);
  const isThere = ({ checked }: Provable): boolean =>
    snapshot !== undefined && isHeld(snapshot.history, checked.migration.id, checked.changed);
  const open = upTo.filter((each) => !isThere(each));
  const earlier = open.filter(({ checked }) => !checked.changed).map(pieceOf);
  return {
    before: snapshot ? [snapshot.piece, ...earlier] : table ? [table, ...earlier] : earlier,
    changed: open.filter(({ checked }) => checked.changed),
    held: upTo.filter((each) => each.checked.changed && isThere(each)),
  };
}

/** The base, replayed or as another run has kept it. */
export async function laidBase(
  { shadow, given, laid, remember }: Extract<OpenedShadow, { ok: true }>,
  before: readonly Piece[],
  progress: ProofProgress,
): Promise<Base> {
  if (laid) return { ...laid, again: () => shadow.restore() };
  const pieces = before.map((piece) => furnishedPiece(piece, given));
  const onDone = (count: number): void => progress.replayed?.(count, pieces.length);
  const base = await layBase(shadow, pieces, given, { keep: remember !== undefined, onDone });
  await remember?.(base);
  return base;
}

function missingOf(
  pieces: readonly Piece[],
  { given, missing }: Extract<OpenedShadow, { ok: true }>,
): NotAnalysedEntry[] {
  const extensions = new Set(given.missingExtensions.map(({ name }) => name));
  const roles = missing.filter(({ name }) => !extensions.has(name));
  return [
    ...missingExtensions(pieces, given),
    ...roles.map(({ name, reason }) => ({
      file: pieces.find(({ sql }) => namesRole(sql, name))?.file.path ?? CONFIGURATION_FILES[0],
      line: 1,
      reason: `the role ${name} could not be made in the shadow database: ${reason}`,
    })),
  ];
}

function namesRole({ statements }: Piece['sql'], role: string): boolean {
  return statements.some(
    (each) => each.roles?.includes(role) || (each.kind === 'create-role' && each.role === role),
  );
}

/** Extensions that are missing are told once for all that names them. */
function leftOut(
  { checked, skipped = [] }: Provable,
  { missingExtensions: missing }: Given,
): NotAnalysedEntry[] {
  const { file } = checked.migration.up;
  return skipped
    .filter(({ span }) => {
      const statement = checked.up.sql.statements.find((each) => each.span.start === span.start);
      const name = statement?.kind === 'create-extension' ? statement.extension : undefined;
      return !missing.some((each) => each.name === name);
    })
    .map(({ span, reason }) => ({ file: file.path, line: file.position(span.start).line, reason }));
}

/** The server reads it, the rules do not: only the proof speaks of it. */
function unreadButRun({ raised: { file, span } }: { raised: Raised }): NotAnalysedEntry {
  return {
    file: file.path,
    line: file.position(span.start).line,
    reason: 'the parser cannot read this statement, so no rule has looked at it; it was run',
  };
}

function alreadyThere({ checked }: Provable): NotAnalysedEntry {
  return {
    file: checked.migration.up.file.path,
    line: 1,
    reason: 'not proven: the snapshot says that this migration is applied already',
  };
}

function notProven(outcome: ChangeProof['outcomes'][number]): NotAnalysedEntry[] {
  if ('proven' in outcome) return downNotProven(outcome);
  const { file, pieces } = outcome.provable.checked.migration.up;
  const start = outcome.at
    ? errorSpan(outcome.at).start
    : (outcome.provable.blocked[0]?.span.start ?? pieces[0]?.start ?? 0);
  return [{ file: file.path, line: file.position(start).line, reason: `not proven: ${outcome.notProven}` }];
}

function downNotProven({
  provable: { checked },
  proven: { down, downNotProven: because },
}: Extract<ChangeProof['outcomes'][number], { readonly proven: unknown }>): NotAnalysedEntry[] {
  const step = down?.steps.at(-1);
  const file = checked.migration.down?.file;
  if (because === undefined || !step || !file) return [];
  const { line } = file.position(errorSpan(step).start);
  return [{ file: file.path, line, reason: `the rollback is not proven: ${because}` }];
}

/** One cause is told once, with what follows from it. */
function notReplayed({ file, line, error, because, consequences, alike }: BaseProblem): NotAnalysedEntry {
  const reason = because === undefined ? '' : ` (${because})`;
  const others =
    alike === 0
      ? ''
      : `; ${plural(alike, 'further statement')} of the file ${alike === 1 ? 'is' : 'are'} refused alike`;
  const why = reason + others;
  const [first] = consequences;
  const more =
    first === undefined
      ? ''
      : `; ${plural(consequences.length, 'later statement')} cannot run because of it, the first at ${first}`;
  return {
    file,
    line,
    reason: `this statement of the base state does not run in the shadow database, and the proof goes on without it: ${error}${why}${more}`,
  };
}
