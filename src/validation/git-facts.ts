import { checksum } from '../migration/checksum.ts';
import { filesOf, type Migration } from '../migration/migration.ts';
import type { ChangeContext } from '../rules/rule.ts';

interface Change {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/**
 * What version control says about one folder, for the rules that judge by it. A file counts as edited when its text
 * differs from the base by more than line ends; without a base to compare with, when git calls it modified.
 */
export async function gitFacts(
  change: Change,
  migrations: readonly Migration[],
  directory: string,
  contentAtBase: ((path: string) => Promise<string | undefined>) | undefined,
): Promise<NonNullable<ChangeContext['git']>> {
  const texts = new Map<string, string>();
  for (const { up, down } of migrations)
    for (const section of [up, down]) if (section) texts.set(section.file.path, section.file.text);
  const known = new Set(migrations.flatMap(filesOf));
  const edited = new Set<string>();
  for (const path of change.modified) {
    const now = texts.get(path);
    if (!known.has(path) || now === undefined) continue;
    const before = await contentAtBase?.(path);
    if (before === undefined || checksum(before) !== checksum(now)) edited.add(path);
  }
  const below = (path: string): boolean => directory === '' || path.startsWith(`${directory}/`);
  return {
    edited,
    added: new Set([...change.added, ...change.renamed.map(({ to }) => to)].filter(below)),
    removed: [...change.removed, ...change.renamed.map(({ from }) => from)].filter(below),
  };
}
