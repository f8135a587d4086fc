import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ChangedFile } from './changed-files.ts';

const run = promisify(execFile);
const STATUS = { A: 'added', C: 'added', M: 'modified', T: 'modified', D: 'removed', R: 'renamed' } as const;

/** The commit that the workspace stands at. Undefined: it holds no git checkout at its top. */
export async function checkedOutCommit(workspace: string): Promise<string | undefined> {
  // An enclosing repository is not the one that was checked out here.
  const answer = await git(workspace, ['rev-parse', '--show-cdup', 'HEAD']);
  const [up, commit] = answer?.split('\n') ?? [];
  return up === '' ? commit?.trim() : undefined;
}

/** Text of a file at a commit. `known` is false where the checkout does not hold that commit (a shallow one). */
export async function contentAt(
  workspace: string,
  commit: string,
  path: string,
): Promise<{ readonly known: boolean; readonly text?: string | undefined }> {
  if ((await git(workspace, ['cat-file', '-e', `${commit}^{commit}`])) === undefined) return { known: false };
  return { known: true, text: await git(workspace, ['show', `${commit}:${path}`]) };
}

/** Files that differ, from the commit where the branches parted. Undefined: this checkout cannot tell. */
export async function changesInGit(workspace: string, base: string, head: string): Promise<ChangedFile[] | undefined> {
  const args = ['diff', '--name-status', '-z', '-M', '--no-ext-diff', `${base}...${head}`, '--'];
  const answer = await git(workspace, args);
  if (answer === undefined) return undefined;
  const fields = answer.split('\0');
  const files: ChangedFile[] = [];
  for (let at = 0; (fields[at] ?? '') !== ''; ) {
    const letter = fields[at]?.charAt(0) as keyof typeof STATUS;
    const two = letter === 'R' || letter === 'C';
    const path = fields[at + (two ? 2 : 1)] ?? '';
    const previousPath = letter === 'R' ? fields[at + 1] : undefined;
    files.push({ path, previousPath, status: STATUS[letter] ?? 'modified' });
    at += two ? 3 : 2;
  }
  return files;
}

/** What git says; undefined when it refuses, or is not there: each caller has another way, and says which it took. */
async function git(workspace: string, args: readonly string[]): Promise<string | undefined> {
  // In a container the workspace belongs to another user, which git refuses unless it is told
  // (git-config, safe.directory). Quoting is off so that paths come as they are.
  const always = ['-c', `safe.directory=${workspace}`, '-c', 'core.quotePath=false'];
  try {
    const { stdout } = await run('git', [...always, ...args], { cwd: workspace, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch {
    return undefined;
  }
}
