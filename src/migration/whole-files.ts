import { wrongDirectives } from './directives.ts';
import { duplicateIds } from './duplicates.ts';
import { type NamedFile, openFiles } from './folder-files.ts';
import { numericKey } from './ids.ts';
import type { LayoutFolder, LayoutReading } from './layout.ts';
import type { ReadingProblem } from './migration.ts';
import { inOrder } from './ordering.ts';
import { type DirectedFile, pairFiles } from './pairs.ts';
import { type ScannedFile, scan } from './sections.ts';

/** A layout whose migrations are whole files, each up or down. */
export interface WholeFiles {
  readonly id: string;
  readonly title: string;
  readonly pattern: RegExp;
  /** A cheap test for texts that may hold the opt-out, where it is a comment. */
  readonly hint?: RegExp | undefined;
  identify(named: NamedFile): {
    readonly id: string;
    readonly sortKey: string;
    readonly name: string;
    readonly direction: DirectedFile['direction'];
    readonly repeatable?: boolean | undefined;
  };
  optsOut(scanned: ScannedFile, named: NamedFile): boolean;
}

/** For names whose parts are a number, a name and, where the layout has downs, `up` or `down`. */
export function numberAndName({
  parts: [, id = '', name = '', direction],
}: NamedFile): ReturnType<WholeFiles['identify']> {
  return { id, sortKey: numericKey(id), name, direction: direction === 'down' ? 'down' : 'up' };
}

export function readWholeFiles(folder: LayoutFolder, layout: WholeFiles): LayoutReading {
  const { files, unread } = openFiles(folder, layout.pattern, layout.title);
  const problems: ReadingProblem[] = [];
  const directed: DirectedFile[] = files.map((named) => {
    const scanned = scan(named.file, layout.hint);
    problems.push(...wrongDirectives(named.file, scanned.directives, 'foreign'));
    return { ...layout.identify(named), scanned, optsOut: layout.optsOut(scanned, named) };
  });
  const paired = pairFiles(layout.id, directed);
  return {
    migrations: inOrder(paired.migrations),
    problems: [...problems, ...paired.problems, ...duplicateIds(paired.migrations)],
    unread,
  };
}
