import { relative, sep } from 'node:path';
import type { GitEnvironment } from './run-git.ts';

export type ChangeBelow =
  | {
      readonly ok: true;
      /** Paths relative to the project. */
      readonly change: {
        readonly added: readonly string[];
        readonly modified: readonly string[];
        readonly removed: readonly string[];
        readonly renamed: readonly { readonly from: string; readonly to: string }[];
      };
      /** Undefined where the file did not exist. */
      readonly contentAtBase: (path: string) => Promise<string | undefined>;
    }
  | { readonly ok: false; readonly problems: readonly string[]; readonly next: string };

/** What changed since `ref` in a project, which may be a folder of a larger repository. Git is loaded only here. */
export async function changeBelow(
  project: {
    readonly repository: { readonly root: string };
    /** Of the project; absolute. */
    readonly root: string;
    readonly env: GitEnvironment;
  },
  ref: string,
): Promise<ChangeBelow> {
  const { changedSince, contentAt } = await import('./git.ts');
  const repository = { root: project.repository.root, env: project.env };
  const folder = relative(repository.root, project.root).split(sep).join('/');
  const changes = await changedSince(repository, ref, folder);
  if (!changes.ok)
    return { ok: false, problems: [`--changed-since: ${changes.message}`], next: changes.next };
  const inside = (path: string): string => (folder === '' ? path : path.slice(folder.length + 1));
  const of = (status: string): string[] =>
    changes.files.filter((file) => file.status === status).map(({ path }) => inside(path));
  const renamed = changes.files
    .filter(({ status }) => status === 'renamed')
    .map(({ path, previousPath }) => ({ from: inside(previousPath ?? path), to: inside(path) }));
  return {
    ok: true,
    change: { added: of('added'), modified: of('modified'), removed: of('deleted'), renamed },
    contentAtBase: async (path) => {
      const before = folder === '' ? path : `${folder}/${path}`;
      const content = await contentAt(repository, changes.mergeBase, before);
      return content.ok ? content.file.text : undefined;
    },
  };
}
