import { type Configuration, runnerFor } from './configuration/configuration.ts';
import { loadTarget } from './configuration/load.ts';
import type { CheckedFolder } from './fixing/plan-fixes.ts';
import type { FolderProof, ProveFolder } from './folder-proof.ts';
import type { Layout, LayoutFolder } from './migration/layout.ts';
import { plainSql } from './migration/layouts/plain-sql.ts';
import { layouts } from './migration/layouts/registry.ts';
import { filesOf, type Migration, type UnreadFile } from './migration/migration.ts';
import type { ReadFolder } from './read-migrations.ts';
import { byPlace } from './report/order.ts';
import type { Finding, IgnoreInForce, NotAnalysedEntry, ReasonCode, Result } from './report/result.ts';
import { registry } from './rules/registry.ts';
import type { Target } from './rules/rule.ts';
import type { SourceFile } from './sql/source.ts';
import type { IgnorePolicy } from './validation/apply-suppressions.ts';
import type { gitFacts } from './validation/git-facts.ts';
import { toFinding } from './validation/raised.ts';
import type { ValidationSettings } from './validation/settings.ts';
import { validate } from './validator.ts';
import { detectInRepository } from './workspace/detect.ts';
import { excludedBy } from './workspace/excluded.ts';
import { foldersToRead } from './workspace/folders.ts';
import { readFolder } from './workspace/read-folder.ts';

/** Paths relative to the repository root. */
export interface Change {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

export interface ProjectRequest {
  /** Folder that holds the repository's files. */
  readonly root: string;
  readonly configuration: Configuration;
  /** What version control says has changed; undefined: nobody asked it. */
  readonly change?: Change | undefined;
  /** Text of a file before the change; undefined where it did not exist. */
  readonly contentAtBase?: ((path: string) => Promise<string | undefined>) | undefined;
  /** Only the migrations with these ids. */
  readonly ids?: readonly string[] | undefined;
  /** Only these files, relative to the root. */
  readonly files?: readonly string[] | undefined;
  /** Texts of files as they would be, in place of those on the disk and beside them; paths relative to the root. */
  readonly texts?: ReadonlyMap<string, string> | undefined;
  /** The folder where it was read before: what is validated is then what was read. */
  readonly read?: (ReadFolder & { readonly layout: Layout }) | undefined;
  /** For git: PATH and the like. Without it the repository's files are found by walking its folders. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The proof in a shadow database, where it is wanted. */
  readonly prove?: ProveFolder | undefined;
}

export interface CheckedProject {
  readonly result: Result;
  readonly folders: readonly CheckedFolder[];
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/**
 * One validation: where the migrations are, how they are written, what is wrong with them; with what stands behind
 * the findings. Bad input is a reason code, never an exception.
 */
export async function checkProject(request: ProjectRequest): Promise<CheckedProject> {
  const { root, configuration } = request;
  const target = await loadTarget(root, configuration);
  if (!target.ok) {
    const told = target.problems
      .map(({ path, line, column, message }) => `${path}:${line}:${column} ${message}`)
      .join('\n');
    return stopped('configuration-invalid', told, 'correct the sizes file, or leave it out');
  }
  const located = await foldersToRead({
    root,
    configuration,
    files: request.files,
    changed: request.change && changedPaths(request.change),
    env: request.env ?? {},
  });
  if (!located.ok) return stopped(located.reasonCode, located.message, located.next);
  const excluded = await excludedBy(configuration.exclude);
  const parts: Part[] = [];
  for (const directory of located.directories) {
    const before = request.read?.directory === directory ? request.read : undefined;
    const read = before
      ? { ok: true as const, folder: before.folder, unread: before.unread }
      : readFolder({ root, directory, excluded, texts: request.texts });
    if (!read.ok) return stopped(read.reasonCode, read.message, read.next);
    const part = await checkFolder(request, read.folder, target.target, read.unread);
    if ('result' in part) return part;
    parts.push(part);
  }
  const strangers = notCovered(request, parts, excluded);
  return (
    nothingNamed(strangers, parts) ??
    together(parts, [...located.notAnalysed, ...strangers.map(({ entry }) => entry)])
  );
}

interface Part extends CheckedFolder, Pick<FolderProof, 'refuted' | 'proofs' | 'chain' | 'shadow'> {
  readonly why: string;
  readonly ignores: readonly IgnoreInForce[];
  readonly notAnalysed: readonly NotAnalysedEntry[];
  readonly statements: number;
  readonly changed: number;
  /** Of the changed migrations. */
  readonly files: number;
  /** Migrations that are not under review and come before the last one that is. */
  readonly history: number;
  /** Files under review that cannot be read at all. */
  readonly unreadable: readonly UnreadFile[];
  /** Paths of everything in the folder that was read or named as not read. */
  readonly known: ReadonlySet<string>;
}

async function checkFolder(
  request: ProjectRequest,
  folder: LayoutFolder,
  target: Target,
  unread: readonly UnreadFile[],
): Promise<Part | CheckedProject> {
  const { configuration, change, files } = request;
  const found = await layoutOf(request, folder);
  if (!('layout' in found)) return found;
  const { layout, why } = found;
  const reading =
    request.read?.folder === folder && request.read.layout === layout
      ? request.read.reading
      : layout.read(folder, configuration.layouts);
  const touched =
    change && new Set([...change.added, ...change.modified, ...change.renamed.map(({ to }) => to)]);
  const named = files && new Set(files);
  const ids = request.ids && new Set(request.ids);
  const underReview = (path: string): boolean => (named?.has(path) ?? true) && (touched?.has(path) ?? true);
  const allUnread = [...reading.unread, ...unread];
  const length = reading.migrations.reduce((sum, { up }) => sum + up.file.text.length, 0);
  if (length > LONG) (await import('./workspace/tune.ts')).tuneForLongText();
  const runner =
    layout === plainSql ? (configuration.runner ?? 'airlock') : runnerFor(configuration, layout.id);
  const policy = await ignorePolicy(configuration);
  const settings: ValidationSettings = {
    runner,
    lockTimeout: configuration.lockTimeout,
    statementTimeout: configuration.statementTimeout,
    dialect: configuration.dialect,
    rules: Object.fromEntries(configuration.rules),
    target,
    maxDurations: new Map(
      [...configuration.environments].flatMap(([name, { maxDuration }]) =>
        maxDuration === undefined ? [] : [[name, maxDuration] as const],
      ),
    ),
    placeholders: Object.fromEntries(configuration.placeholders),
  };
  const isChanged = (migration: Migration): boolean =>
    (ids?.has(migration.id) ?? true) && filesOf(migration).some(underReview);
  if (reading.migrations.some(isChanged)) await request.prove?.expect?.(target.major);
  const validation = await validate({
    layout,
    reading: { ...reading, unread: allUnread },
    isChanged,
    changeIsOne: change !== undefined,
    rules: registry,
    settings,
    ignore: policy,
    freeMemory,
    ...(change
      ? { git: await facts(change, reading.migrations, folder.directory, request.contentAtBase) }
      : {}),
  });
  const proven = await request.prove?.(validation, settings, policy);
  if (proven && 'because' in proven) return stopped('shadow-unavailable', proven.because, proven.next);
  const checked = new Set(validation.checked.map(({ migration }) => migration));
  return {
    folder,
    layout,
    // What is safe depends on it, so nobody should have to guess which one was taken.
    why: `${why}; runner: ${runner}`,
    migrations: reading.migrations,
    raised: proven ? proven.raised : validation.raised,
    refuted: proven?.refuted ?? [],
    proofs: proven?.proofs ?? [],
    chain: proven?.chain,
    shadow: proven?.shadow,
    ignores: proven ? proven.ignores : validation.ignores,
    notAnalysed: proven ? [...validation.notAnalysed, ...proven.notAnalysed] : validation.notAnalysed,
    statements: validation.statements,
    changed: checked.size,
    files: new Set([...checked].flatMap(filesOf)).size,
    history: reading.migrations
      .slice(0, reading.migrations.findLastIndex((migration) => checked.has(migration)) + 1)
      .filter((migration) => !checked.has(migration)).length,
    unreadable: allUnread.filter(({ broken, file }) => broken && underReview(file)),
    known: new Set([...reading.migrations.flatMap(filesOf), ...allUnread.map(({ file }) => file)]),
  };
}

async function layoutOf(
  { root, configuration, files, env }: ProjectRequest,
  folder: LayoutFolder,
): Promise<{ layout: Layout; why: string } | CheckedProject> {
  const named = configuration.layout === undefined ? undefined : layouts.get(configuration.layout);
  if (named) return { layout: named, why: 'named by the configuration' };
  const detection = await detectInRepository(folder, root, env ?? {});
  if (detection.status === 'found') return detection;
  if (files && detection.status === 'ambiguous')
    return {
      layout: plainSql,
      why: `each named file is read as plain SQL: it could be ${detection.candidates.map(({ layout }) => layout.id).join(' or ')}`,
    };
  if (files && detection.status === 'unknown')
    return { layout: plainSql, why: `${detection.why}, so each named file is read as plain SQL` };
  const where = folder.directory || 'the repository root';
  if (detection.status === 'unknown')
    return stopped(
      'layout-unknown',
      `The layout of ${where} is not known: ${detection.why}.`,
      'name it: airlock validate --layout <layout>, or layout: in migration.config.yml',
    );
  const said = detection.candidates.map(({ layout, why }) => `${layout.id} (${why})`).join(' or ');
  return stopped(
    'layout-ambiguous',
    `The files of ${where} could be ${said}.`,
    `name the layout: airlock validate --layout ${detection.candidates[0]?.layout.id ?? '<layout>'}, or layout: in migration.config.yml`,
  );
}

/** Loaded where there is a change only: it brings Node's cryptography for checksums. */
async function facts(...args: Parameters<typeof gitFacts>): ReturnType<typeof gitFacts> {
  return (await import('./validation/git-facts.ts')).gitFacts(...args);
}

/** Characters: some two thousand statements. */
const LONG = 200_000;

/** Loaded for long changes only. */
async function freeMemory(): Promise<void> {
  (await import('./workspace/tune.ts')).freeMemory();
}

async function ignorePolicy({ ignore }: Configuration): Promise<IgnorePolicy> {
  const accept = await Promise.all(
    ignore.accept.map(async ({ rule, reason, files }) => ({
      rule,
      reason,
      matches: files && (await excludedBy(files)),
    })),
  );
  return { ...ignore, accept };
}

function together(parts: readonly Part[], more: readonly NotAnalysedEntry[]): CheckedProject {
  const findings: Finding[] = parts.flatMap(({ raised }) => raised.map(toFinding)).sort(byPlace);
  const [first] = parts;
  const proofs = parts.flatMap((part) => part.proofs);
  const chain = parts.find((part) => part.chain)?.chain;
  const shadow = parts.find((part) => part.shadow)?.shadow;
  const changed = sum(parts, (part) => part.changed);
  const unreadable = parts.flatMap((part) => part.unreadable);
  const result: Result = {
    schemaVersion: 1,
    reasonCode: findings.length > 0 ? 'findings' : changed === 0 ? 'nothing-to-do' : 'clean',
    ...(unreadable.length > 0 ? cannotRead(unreadable) : {}),
    ...(first
      ? {
          layout: {
            id: first.layout.id,
            why: first.why,
            directory: parts.map(({ folder }) => folder.directory || '.').join(', '),
          },
        }
      : {}),
    checked: {
      migrations: changed,
      files: sum(parts, (part) => part.files),
      statements: sum(parts, (part) => part.statements),
      history: sum(parts, (part) => part.history),
    },
    findings,
    refuted: parts.flatMap(({ refuted }) => refuted),
    ...(proofs.length > 0 ? { proofs } : {}),
    ...(shadow ? { shadow } : {}),
    ...(chain ? { chain } : {}),
    ignores: parts.flatMap(({ ignores }) => [...ignores]),
    notAnalysed: [...parts.flatMap(({ notAnalysed }) => [...notAnalysed]), ...more],
  };
  const sources = new Map(
    parts.flatMap(({ migrations, raised }) => [
      ...migrations.flatMap(({ up, down, verify }) =>
        [up, down, verify].flatMap((section) =>
          section ? [[section.file.path, section.file] as const] : [],
        ),
      ),
      ...raised.map(({ file }) => [file.path, file] as const),
    ]),
  );
  return { result, folders: parts, sources };
}

/** What was asked about and cannot be read is no clean result, whatever the other files are like. */
function cannotRead(unreadable: readonly UnreadFile[]): Pick<Result, 'reasonCode' | 'message' | 'next'> {
  const [first] = unreadable;
  const more = unreadable.length > 1 ? ` (and ${unreadable.length - 1} more, under "not analysed")` : '';
  return {
    reasonCode: 'file-unreadable',
    message: `${first?.file}:${first?.line} ${first?.reason}${more}.`,
    next: 'correct the file, or leave it out: exclude: in migration.config.yml',
  };
}

/** Named files that no layout took for a migration: silence about them would look like "no problems". */
function notCovered(
  { files, configuration }: ProjectRequest,
  parts: readonly Part[],
  excluded: ((path: string) => boolean) | undefined,
): Stranger[] {
  const directories = parts.map(({ folder }) => folder.directory || '.').join(', ');
  return [...new Set(files)]
    .filter((file) => !parts.some(({ known }) => known.has(file)))
    .map((file) => {
      const wanted = !excluded?.(file);
      const reason = !/\.sql$/i.test(file)
        ? 'is not an SQL file'
        : !wanted
          ? 'left out by exclude'
          : parts.some(({ folder: { directory } }) => directory === '' || file.startsWith(`${directory}/`))
            ? `is not a migration in the layout ${parts.map(({ layout }) => layout.id).join(', ')}`
            : `lies outside the migrations folder ${directories}${configuration.directories ? ' that the configuration names' : ''}; name its own with --directory`;
      return { entry: { file, line: 1, reason }, wanted };
    });
}

/** A named file that is no migration here. */
interface Stranger {
  readonly entry: NotAnalysedEntry;
  /** False where the configuration leaves it out. */
  readonly wanted: boolean;
}

/** Files were named and none of them is a migration: who typed that is mistaken about something. */
function nothingNamed(strangers: readonly Stranger[], parts: readonly Part[]): CheckedProject | undefined {
  const wanted = strangers.filter((stranger) => stranger.wanted).map(({ entry }) => entry);
  const [first] = wanted;
  if (!first || parts.some(({ changed, unreadable }) => changed > 0 || unreadable.length > 0))
    return undefined;
  const more = wanted.length > 1 ? ` (and ${wanted.length - 1} more like it)` : '';
  const { result, ...rest } = stopped(
    'usage',
    `No migration was named: ${first.file} ${first.reason}${more}.`,
    'name migrations, or folders that hold some, or nothing for all of them: airlock validate',
  );
  return { ...rest, result: { ...result, notAnalysed: strangers.map(({ entry }) => entry) } };
}

function sum(parts: readonly Part[], count: (part: Part) => number): number {
  return parts.reduce((total, part) => total + count(part), 0);
}

function changedPaths(change: Change): string[] {
  return [
    ...change.added,
    ...change.modified,
    ...change.removed,
    ...change.renamed.flatMap(({ from, to }) => [from, to]),
  ];
}

/** A run that ended before anything was checked. */
export function stopped(reasonCode: ReasonCode, message: string, next: string): CheckedProject {
  const result: Result = {
    schemaVersion: 1,
    reasonCode,
    message,
    next,
    findings: [],
    refuted: [],
    ignores: [],
    notAnalysed: [],
  };
  return { result, folders: [], sources: new Map() };
}
