import type { ChangedFile } from './changed-files.ts';
import type { GitHub } from './github.ts';

export interface TreeFile {
  readonly path: string;
  /** Id of the blob: the same text has the same id everywhere. */
  readonly sha: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Every regular file of a commit, in one request. Undefined where GitHub cuts the answer: above 100,000 entries
 * or 7 MB (docs.github.com/rest/git/trees). Symbolic links and submodules are no files to read.
 */
export async function filesOfCommit(
  { client, repository }: GitHub,
  commit: string,
): Promise<TreeFile[] | undefined> {
  const { data } = await client.rest.git.getTree({ ...repository, tree_sha: commit, recursive: '1' });
  if (data.truncated) return undefined;
  return data.tree
    .filter(({ type, mode }) => type === 'blob' && mode !== '120000')
    .map(({ path, sha, size }) => ({ path, sha, size: size ?? 0 }));
}

/** What differs between two commits. A file that moved is recognised when its text stayed as it was. */
export function changesBetween(before: readonly TreeFile[], after: readonly TreeFile[]): ChangedFile[] {
  const old = new Map(before.map((file) => [file.path, file.sha]));
  const now = new Set(after.map((file) => file.path));
  const gone = before.filter((file) => !now.has(file.path));
  const changes: ChangedFile[] = [];
  for (const { path, sha } of after) {
    if (old.get(path) === sha) continue;
    if (old.has(path)) {
      changes.push({ path, status: 'modified' });
      continue;
    }
    const from = gone.findIndex((file) => file.sha === sha);
    const [moved] = from < 0 ? [] : gone.splice(from, 1);
    changes.push(moved ? { path, status: 'renamed', previousPath: moved.path } : { path, status: 'added' });
  }
  return [...changes, ...gone.map(({ path }): ChangedFile => ({ path, status: 'removed' }))];
}
