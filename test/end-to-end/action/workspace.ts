import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Files } from '../../github-stand-in/repository.ts';

/** A folder with a real git history: the base commit, the head, and the merge commit GitHub checks out. */
export interface Workspace {
  readonly folder: string;
  readonly base: string;
  readonly head: string;
  readonly merge: string;
}

export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'airlock-workspace-'));
}

export function gitWorkspace(base: Files, head: Files): Workspace {
  const folder = emptyFolder();
  git(folder, ['init', '--quiet', '--initial-branch=main']);
  const baseCommit = commit(folder, base);
  for (const path of Object.keys(base)) rmSync(join(folder, path));
  const headCommit = commit(folder, head);
  git(folder, ['commit', '--quiet', '--allow-empty', '--message=merge']);
  return { folder, base: baseCommit, head: headCommit, merge: git(folder, ['rev-parse', 'HEAD']) };
}

function commit(folder: string, files: Files): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git(folder, ['add', '--all']);
  git(folder, ['commit', '--quiet', '--allow-empty', '--message=commit']);
  return git(folder, ['rev-parse', 'HEAD']);
}

function git(folder: string, args: readonly string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}
