import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS } from '../../src/configuration/configuration.ts';
import { applyFixes } from '../../src/fixing/apply-fixes.ts';
import type { FileChange } from '../../src/fixing/plan-fixes.ts';
import type { Result } from '../../src/report/result.ts';
import { type CheckedProject, checkProject, type ProjectRequest } from '../../src/validate-project.ts';
import { temporaryFolder, write } from '../workspace/temporary.ts';

export const TABLE = 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, note text);';

export function folderOf(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) write(root, path, text);
  return root;
}

export interface Wanted {
  readonly layout: string;
  readonly directory: string;
  /** The change, relative to the root. */
  readonly added: readonly string[];
}

/** Applies the fixes of a folder as `validate --fix` does. */
export async function fixed(
  root: string,
  { layout, directory, added }: Wanted,
  spoil: (result: Result, textOf: (path: string) => string) => Result = (result) => result,
): Promise<{ readonly result: Result; readonly told: string }> {
  const request: ProjectRequest = {
    root,
    configuration: { ...DEFAULTS, layout, directories: [directory] },
    change: { added, modified: [], removed: [], renamed: [] },
    contentAtBase: async () => undefined,
  };
  const check = async (changes: readonly FileChange[]): Promise<CheckedProject> => {
    const texts = new Map(changes.map(({ path, after }) => [path, after]));
    const change = { added: [...added, ...texts.keys()], modified: [], removed: [], renamed: [] };
    const checked = await checkProject({ ...request, change, texts });
    const textOf = (path: string): string => texts.get(path) ?? readFileSync(join(root, path), 'utf8');
    return { ...checked, result: spoil(checked.result, textOf) };
  };
  const { checked, told } = await applyFixes(await check([]), check, { root, now: new Date() });
  return { result: checked.result, told };
}
