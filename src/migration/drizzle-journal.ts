import type { SourceFile } from '../sql/source.ts';
import { type JsonNode, parseJson } from './json-text.ts';
import type { LayoutFolder } from './layout.ts';
import type { ReadingProblem, UnreadFile } from './migration.ts';

export interface Journal {
  /** `broken`: it is there, but does not say in which order to run what. */
  readonly state: 'read' | 'missing' | 'broken';
  /** Tag (a file's name without .sql) to place, from 0. */
  readonly places: ReadonlyMap<string, number>;
  readonly problems: readonly ReadingProblem[];
  readonly unread: readonly UnreadFile[];
}

/** Reads `meta/_journal.json`: `entries`, each with `idx`, `when` (milliseconds) and `tag`, in order of execution. */
export function readJournal(folder: LayoutFolder, path: string): Journal {
  const places = new Map<string, number>();
  if (!folder.paths.includes(path)) return { state: 'missing', places, problems: [], unread: [] };
  const file = folder.read(path);
  if ('reason' in file) return { state: 'broken', places, problems: [], unread: [file] };
  const broken = (message: string, span: JsonNode['span']): Journal => ({
    state: 'broken',
    places,
    problems: [
      problem(
        file,
        span,
        `${message}. File names were taken for the order`,
        'Restore it from Git, or run "drizzle-kit check".',
      ),
    ],
    unread: [],
  });
  const parsed = parseJson(file.text);
  if ('message' in parsed) return broken(`This journal is no JSON: ${parsed.message}`, parsed.span);
  const entries = member(parsed.root, 'entries');
  if (entries?.kind !== 'array') return broken('This journal has no list "entries"', parsed.root.span);
  const known = new Set(folder.paths);
  const problems: ReadingProblem[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const entry of entries.items) {
    const tag = member(entry, 'tag');
    if (tag?.kind !== 'string') {
      problems.push(problem(file, entry.span, 'This entry has no "tag"', 'Restore it from Git.'));
      continue;
    }
    if (places.has(tag.value))
      problems.push(
        problem(file, tag.span, 'This tag stands in the journal twice', 'Remove the second entry.'),
      );
    else places.set(tag.value, places.size);
    if (!known.has(`${tag.value}.sql`)) {
      problems.push(
        problem(
          file,
          tag.span,
          `The file ${tag.value}.sql of this entry is missing: Drizzle stops here`,
          'Commit the file, or take the entry out with "drizzle-kit drop".',
        ),
      );
    }
    const when = member(entry, 'when');
    if (when?.kind !== 'number') continue;
    // Drizzle runs what is newer than the last migration that it ran, and passes over everything else.
    if (when.value <= latest) {
      problems.push(
        problem(
          file,
          when.span,
          'This migration is older than the one before: a database that has that one never gets this one',
          'Generate the migration again, so that its "when" is the greatest.',
        ),
      );
    }
    latest = Math.max(latest, when.value);
  }
  return { state: 'read', places, problems, unread: [] };
}

function member(node: JsonNode, key: string): JsonNode | undefined {
  return node.kind === 'object' ? node.members.find((candidate) => candidate.key === key)?.value : undefined;
}

function problem(file: SourceFile, span: JsonNode['span'], message: string, fix: string): ReadingProblem {
  return { ruleId: 'order-file', file, span, message, fix };
}
