import { wrongDirectives } from './directives.ts';
import { duplicateIds } from './duplicates.ts';
import { openFiles } from './folder-files.ts';
import type { LayoutFolder, LayoutReading } from './layout.ts';
import { findMarkers, type Marker } from './line-comments.ts';
import type { Migration, ReadingProblem } from './migration.ts';
import { inOrder } from './ordering.ts';
import {
  firstLine,
  firstSql,
  type MarkedText,
  type ScannedFile,
  scan,
  sectionOf,
  splitAtMarkers,
  wholeText,
} from './sections.ts';

export type Direction = 'up' | 'down';

/** A foreign layout that keeps up and down in one file, apart by comments. */
export interface MarkedFiles {
  readonly id: string;
  readonly title: string;
  readonly pattern: RegExp;
  /** A cheap test for texts that may hold a marker. */
  readonly hint: RegExp;
  /** The marker of the up, as one writes it. */
  readonly upMarker: string;
  /** What a file without markers is to the tool: all up, or refused. */
  readonly unmarked: 'up' | 'refused';
  /** Sections may be written in several parts. */
  readonly repeats: boolean;
  classify(comment: string): Direction | undefined;
  identify(parts: readonly string[]): {
    readonly id: string;
    readonly sortKey: string;
    readonly name: string;
  };
  /** `markers` are those of the direction, in order. */
  optsOut(scanned: ScannedFile, markers: readonly Marker<Direction>[], direction: Direction): boolean;
}

export function readMarkedFiles(folder: LayoutFolder, layout: MarkedFiles): LayoutReading {
  const { files, unread } = openFiles(folder, layout.pattern, layout.title);
  const migrations: Migration[] = [];
  const problems: ReadingProblem[] = [];
  for (const { file, parts } of files) {
    const scanned = scan(file, layout.hint);
    const markers = findMarkers(file.text, scanned.comments, layout.classify);
    const split = splitAtMarkers(file, markers);
    const identity = layout.identify(parts);
    const upPieces =
      split.pieces.get('up') ?? (split.pieces.has('down') ? [split.header] : [wholeText(file)]);
    const downPieces = split.pieces.get('down');
    const header = split.pieces.has('up') ? split.header : undefined;
    const out = (direction: Direction): boolean =>
      layout.optsOut(
        scanned,
        markers.filter(({ kind }) => kind === direction),
        direction,
      );
    migrations.push({
      ...identity,
      layout: layout.id,
      up: sectionOf(scanned, upPieces, out('up'), header),
      down: downPieces && sectionOf(scanned, downPieces, out('down'), header),
      repeatable: false,
    });
    problems.push(...wrongDirectives(file, scanned.directives, 'foreign'));
    problems.push(...markerProblems(layout, scanned, split, identity.id));
  }
  return { migrations: inOrder(migrations), problems: [...problems, ...duplicateIds(migrations)], unread };
}

function markerProblems(
  layout: MarkedFiles,
  { file }: ScannedFile,
  split: MarkedText<Direction>,
  migrationId: string,
): ReadingProblem[] {
  const problems: ReadingProblem[] = [];
  if (!split.pieces.has('up')) {
    if (layout.unmarked === 'up') return problems;
    problems.push({
      ruleId: 'missing-up-marker',
      file,
      span: firstLine(file),
      message: `The line "${layout.upMarker}" is missing: ${layout.title} refuses the file`,
      fix: `Write "${layout.upMarker}" on a line of its own before the first statement.`,
      migrationId,
    });
  } else {
    const stray = firstSql(file.text, split.header);
    if (stray) problems.push(strayStatement(file, stray, layout.upMarker, migrationId));
  }
  if (!layout.repeats)
    problems.push(...split.repeated.map((marker) => repeatedMarker(file, marker, migrationId)));
  return problems;
}

export function strayStatement(
  file: ReadingProblem['file'],
  span: ReadingProblem['span'],
  marker: string,
  migrationId: string,
): ReadingProblem {
  return {
    ruleId: 'statements-before-marker',
    file,
    span,
    message: `SQL stands before the first marker: it belongs to no section and is not run`,
    fix: `Move it below the line "${marker}".`,
    migrationId,
  };
}

export function repeatedMarker(
  file: ReadingProblem['file'],
  marker: Marker<string>,
  migrationId: string,
): ReadingProblem {
  return {
    ruleId: 'repeated-marker',
    file,
    span: marker.span,
    message: `This section was opened before: what follows is read as its continuation`,
    fix: 'Keep one marker of each kind and join what follows them.',
    migrationId,
  };
}
