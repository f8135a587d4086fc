import { SourceFile } from '../sql/source.ts';
import { type GitEnvironment, type GitOutput, runGit } from './run-git.ts';
import { decodeText, MOST_BYTES } from './text.ts';

export interface Repository {
  /** Absolute path of the work tree. */
  readonly root: string;
  readonly env: GitEnvironment;
}

type GitReasonCode =
  | 'ref-refused'
  | 'ref-unknown'
  | 'history-shallow'
  | 'history-unrelated'
  | 'no-repository'
  | 'git-missing'
  | 'git-timeout'
  | 'git-failed';

/** An expected end. `next` is what to type or to write next. */
interface GitRefusal {
  readonly ok: false;
  readonly reasonCode: GitReasonCode;
  readonly message: string;
  readonly next: string;
}

interface ChangedFile {
  readonly status: 'added' | 'modified' | 'renamed' | 'deleted';
  /** Relative to the repository root. */
  readonly path: string;
  /** Of a renamed file. */
  readonly previousPath?: string | undefined;
}

export type Changes =
  | {
      readonly ok: true;
      /** What `ref` was taken for: itself, or the remote branch of that name. */
      readonly ref: string;
      /** Commit that the change is measured against. */
      readonly mergeBase: string;
      /** By path. */
      readonly files: readonly ChangedFile[];
    }
  | GitRefusal;

/**
 * What the work tree changed below a folder since it left `ref`: commits, edits not committed yet, and new files
 * that git does not ignore. `ref` is a branch, tag or commit; a branch that exists only on the remote `origin` is
 * found there, as in a checkout of a pull request.
 */
export async function changedSince(repository: Repository, ref: string, directory = ''): Promise<Changes> {
  const base = await resolveRef(repository, ref);
  if (!base.ok) return base;
  const mergeBase = await findMergeBase(repository, base);
  if (!mergeBase.ok) return mergeBase;
  const where = directory === '' ? [] : [directory];
  const slow = { ...repository, timeout: 60_000 };
  const [tracked, untracked] = await Promise.all([
    runGit(
      [
        'diff',
        '--name-status',
        '-z',
        '--find-renames',
        '--no-ext-diff',
        '--no-textconv',
        '--no-relative',
        '--ignore-submodules=all',
        mergeBase.commit,
        '--',
        ...where,
      ],
      slow,
    ),
    runGit(['ls-files', '-z', '--others', '--exclude-standard', '--full-name', '--', ...where], slow),
  ]);
  if (!tracked.ok) return refusal(tracked);
  if (!untracked.ok) return refusal(untracked);
  const files = new Map(nameStatus(tracked.stdout).map((file) => [file.path, file]));
  for (const path of parts(untracked.stdout)) {
    // Deleted from the index and still there: to the reader of the change it is an edit.
    files.set(path, { status: files.has(path) ? 'modified' : 'added', path });
  }
  const sorted = [...files.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  return { ok: true, ref: base.ref, mergeBase: mergeBase.commit, files: sorted };
}

export type Content =
  | { readonly ok: true; readonly file: SourceFile }
  | {
      readonly ok: false;
      readonly reasonCode: GitReasonCode | 'path-missing' | 'file-unreadable';
      readonly message: string;
      readonly next: string;
    };

/** The text of a file as it was at a commit. `path` is relative to the repository root. */
export async function contentAt(repository: Repository, ref: string, path: string): Promise<Content> {
  const base = await resolveRef(repository, ref);
  if (!base.ok) return base;
  const blob = await runGit(['cat-file', 'blob', `${base.commit}:${path}`], {
    ...repository,
    timeout: 30_000,
    mostOutput: MOST_BYTES,
  });
  if (blob.ok) {
    const decoded = decodeText(blob.stdout);
    if ('text' in decoded) return { ok: true, file: new SourceFile(path, decoded.text) };
    return {
      ok: false,
      reasonCode: 'file-unreadable',
      message: `${path} at ${ref} ${decoded.reason} (line ${decoded.line})`,
      next: `git show ${ref}:<path>`,
    };
  }
  if (blob.kind === 'too-large') {
    return {
      ok: false,
      reasonCode: 'file-unreadable',
      message: `${path} at ${ref} is larger than 50 MB`,
      next: 'move data out of the migration',
    };
  }
  if (blob.kind !== 'failed') return refusal(blob);
  const missing = /does not exist in|exists on disk, but not in|bad file|Not a valid object name/i.test(
    blob.stderr,
  );
  if (!missing) return refusal(blob);
  return {
    ok: false,
    reasonCode: 'path-missing',
    message: `${path} does not exist at ${ref}`,
    next: `git ls-tree -r --name-only ${ref}`,
  };
}

/** The commit that is checked out, 40 or 64 hex digits; undefined where there is none, or no git. */
export async function headCommit({ root, env }: Repository): Promise<string | undefined> {
  const head = await runGit(['rev-parse', '--verify', '--quiet', 'HEAD'], { root, env });
  return head.ok ? head.stdout.toString('utf8').trim() : undefined;
}

/** The name for a new migration's metadata: git's `user.name`, else GIT_AUTHOR_NAME; undefined where neither is set. */
export async function author({ root, env }: Repository): Promise<string | undefined> {
  const configured = await runGit(['config', '--get', 'user.name'], { root, env });
  const names = [configured.ok ? configured.stdout.toString('utf8') : undefined, env.GIT_AUTHOR_NAME];
  return names
    .map((name) =>
      name
        ?.replace(/\p{Cc}/gu, ' ')
        .trim()
        .slice(0, 200),
    )
    .find((name) => name);
}

interface ResolvedRef {
  readonly ok: true;
  readonly ref: string;
  readonly commit: string;
}

async function resolveRef(repository: Repository, ref: string): Promise<ResolvedRef | GitRefusal> {
  // No options, ranges, `ref:path`, searches or control characters; HEAD~3 and main@{yesterday} are fine (gitrevisions).
  if (
    !/^[^-\s:~?*[\\^\p{Cc}][^\s:?*[\\/\p{Cc}]*(\/[^\s:?*[\\/\p{Cc}]+)*$/u.test(ref) ||
    ref.includes('..') ||
    ref.includes('^{') ||
    ref.length > 250
  ) {
    return {
      ok: false,
      reasonCode: 'ref-refused',
      message: `${JSON.stringify(ref.slice(0, 80))} is not the name of a branch, tag or commit`,
      next: 'airlock validate --changed-since origin/main',
    };
  }
  for (const candidate of [ref, `refs/remotes/origin/${ref}`]) {
    const found = await runGit(
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${candidate}^{commit}`],
      repository,
    );
    if (found.ok)
      return {
        ok: true,
        ref: candidate.replace(/^refs\/remotes\//, ''),
        commit: found.stdout.toString('utf8').trim(),
      };
    if (found.kind !== 'failed' || found.stderr !== '') return refusal(found);
  }
  const shallow = await isShallow(repository);
  return {
    ok: false,
    reasonCode: 'ref-unknown',
    message: `git knows no branch, tag or commit ${JSON.stringify(ref)}${shallow ? ', and the clone holds only part of the history' : ''}`,
    next: shallow ? FETCH_ALL : `git fetch origin ${ref}`,
  };
}

const FETCH_ALL = 'git fetch --unshallow origin, or fetch-depth: 0 in the step that checks out';

async function findMergeBase(
  repository: Repository,
  base: ResolvedRef,
): Promise<{ ok: true; commit: string } | GitRefusal> {
  const found = await runGit(['merge-base', 'HEAD', base.commit], repository);
  if (found.ok) return { ok: true, commit: found.stdout.toString('utf8').trim() };
  if (found.kind !== 'failed') return refusal(found);
  if (found.stderr !== '') {
    if (!/Not a valid (object|commit) name HEAD/.test(found.stderr)) return refusal(found);
    return {
      ok: false,
      reasonCode: 'history-unrelated',
      message: 'nothing is committed yet',
      next: 'git commit, or validate without --changed-since',
    };
  }
  if (await isShallow(repository)) {
    return {
      ok: false,
      reasonCode: 'history-shallow',
      message: `the clone is too shallow to see where HEAD left ${base.ref}`,
      next: FETCH_ALL,
    };
  }
  return {
    ok: false,
    reasonCode: 'history-unrelated',
    message: `HEAD and ${base.ref} have no commit in common`,
    next: 'name the branch that the change goes to',
  };
}

async function isShallow(repository: Repository): Promise<boolean> {
  const answer = await runGit(['rev-parse', '--is-shallow-repository'], repository);
  return answer.ok && answer.stdout.toString('utf8').trim() === 'true';
}

function refusal(output: Extract<GitOutput, { ok: false }>): GitRefusal {
  switch (output.kind) {
    case 'missing':
      return {
        ok: false,
        reasonCode: 'git-missing',
        message: 'git is not installed, or not on PATH',
        next: 'install git, or validate without --changed-since',
      };
    case 'timeout':
      return {
        ok: false,
        reasonCode: 'git-timeout',
        message: 'git did not answer in time',
        next: 'git status',
      };
    default:
  }
  if (/not a git repository/i.test(output.stderr)) {
    return {
      ok: false,
      reasonCode: 'no-repository',
      message: 'this folder is not in a git repository',
      next: 'validate without --changed-since',
    };
  }
  if (/dubious ownership/i.test(output.stderr)) {
    return {
      ok: false,
      reasonCode: 'git-failed',
      message: 'git does not trust this folder: it belongs to another user',
      next: 'git config --global --add safe.directory "$PWD"',
    };
  }
  const what =
    output.kind === 'too-large' ? 'it printed more than expected' : output.stderr || 'it gave no reason';
  return { ok: false, reasonCode: 'git-failed', message: `git failed: ${what}`, next: 'git status' };
}

/** Output of `--name-status -z`: status, path, and for renames and copies a second path (git-diff, "RAW OUTPUT FORMAT"). */
function nameStatus(output: Buffer): ChangedFile[] {
  const files: ChangedFile[] = [];
  const rest = parts(output)[Symbol.iterator]();
  for (const status of rest) {
    const path: string = rest.next().value ?? '';
    switch (status[0]) {
      case 'R':
        files.push({ status: 'renamed', path: rest.next().value ?? '', previousPath: path });
        break;
      case 'C':
        files.push({ status: 'added', path: rest.next().value ?? '' });
        break;
      case 'A':
        files.push({ status: 'added', path });
        break;
      case 'D':
        files.push({ status: 'deleted', path });
        break;
      default:
        files.push({ status: 'modified', path });
    }
  }
  return files;
}

function parts(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter((part) => part !== '');
}
