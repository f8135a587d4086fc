import { inFolder } from './folder-files.ts';
import { parseJson } from './json-text.ts';
import type { LayoutFolder } from './layout.ts';
import type { ReadingProblem, UnreadFile } from './migration.ts';

export interface ManifestOrder {
  /** Path of a file to its place in the manifest beside it, from 0. */
  readonly places: ReadonlyMap<string, number>;
  readonly problems: readonly ReadingProblem[];
  readonly unread: readonly UnreadFile[];
}

/** What the `manifest.json` of version folders say: whichever list of theirs names .sql files gives the order. */
export function manifestOrder(folder: LayoutFolder): ManifestOrder {
  const known = new Set(folder.paths);
  const places = new Map<string, number>();
  const problems: ReadingProblem[] = [];
  const unread: UnreadFile[] = [];
  for (const path of folder.paths) {
    if (!/(?:^|\/)manifest\.json$/.test(path)) continue;
    const file = folder.read(path);
    if ('reason' in file) {
      unread.push(file);
      continue;
    }
    const parsed = parseJson(file.text);
    if ('message' in parsed) {
      problems.push({
        ruleId: 'order-file',
        file,
        span: parsed.span,
        message: `This manifest is no JSON: ${parsed.message}`,
        fix: 'Correct it: it gives the order of the files beside it.',
      });
      continue;
    }
    const parent = path.slice(0, path.lastIndexOf('/') + 1);
    const lists =
      parsed.root.kind === 'object' ? parsed.root.members.map(({ value }) => value) : [parsed.root];
    const list = lists.find(
      (node) =>
        node.kind === 'array' &&
        node.items.some((item) => item.kind === 'string' && item.value.endsWith('.sql')),
    );
    if (list?.kind !== 'array') continue;
    for (const item of list.items) {
      if (item.kind !== 'string') continue;
      const named = parent + item.value.replace(/^\.\//, '');
      if (known.has(named)) places.set(named, places.size);
      else
        problems.push({
          ruleId: 'order-file',
          file,
          span: item.span,
          message: `${inFolder(folder, named)} does not exist`,
          fix: 'Add the file, or take it off this list.',
        });
    }
  }
  return { places, problems, unread };
}
