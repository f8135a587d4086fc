import { createHash } from 'node:crypto';
import { structuredPatch } from 'diff';

/** Path to text: what one commit holds. */
export type Files = Readonly<Record<string, string>>;
type Permission = 'checks' | 'pull-requests' | 'contents';

/** Answer the next `times` requests of this kind with a failure instead. */
interface Fault {
  readonly method: string;
  readonly path: RegExp;
  times: number;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message: string;
  /** The write happens all the same, only its answer is lost. */
  readonly after?: boolean;
}

export interface Comment {
  readonly id: number;
  body: string;
  readonly login: string;
}
interface ReviewComment {
  readonly id: number;
  readonly pull: number;
  readonly login: string;
  readonly path: string;
  readonly body: string;
  readonly line: number;
  readonly startLine?: number | undefined;
}
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly annotation_level: string;
  readonly message: string;
  readonly title?: string;
}
export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  status: string;
  conclusion: string | null;
  title: string;
  summary: string;
  text: string;
  readonly annotations: Annotation[];
}

export interface Repository {
  readonly owner: string;
  readonly name: string;
  /** Whom the token belongs to. */
  login: string;
  readonly commits: Map<string, Files>;
  readonly pulls: Map<number, { base: string; head: string }>;
  readonly comments: Map<number, Comment[]>;
  readonly reviews: { readonly pull: number; readonly body: string; readonly commit: string }[];
  readonly reviewComments: ReviewComment[];
  readonly checkRuns: CheckRun[];
  /** Permissions that the token lacks for writing (`contents`: for reading). */
  readonly refused: Set<Permission>;
  readonly faults: Fault[];
}

export function newRepository(): Repository {
  return {
    owner: 'octo-org',
    name: 'shop',
    login: 'github-actions[bot]',
    commits: new Map(),
    pulls: new Map(),
    comments: new Map(),
    reviews: [],
    reviewComments: [],
    checkRuns: [],
    refused: new Set(),
    faults: [],
  };
}

/** The id that git gives a blob: what a tree entry and a checkout can be compared by. */
export function blobSha(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** A stable commit id for a test, 40 hex digits. */
export function commitSha(name: string): string {
  return createHash('sha1').update(name).digest('hex');
}

export interface Difference {
  readonly filename: string;
  readonly previous?: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  readonly patch?: string;
}

function difference(path: string, before: string | undefined, after: string | undefined): Difference {
  const { hunks } = structuredPatch(path, path, before ?? '', after ?? '', undefined, undefined, {
    context: 3,
  });
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const patch = hunks
    .map(
      ({ oldStart, oldLines, newStart, newLines, lines: body }) =>
        `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n${body.join('\n')}`,
    )
    .join('\n');
  const status = before === undefined ? 'added' : after === undefined ? 'removed' : 'modified';
  return {
    filename: path,
    status,
    sha: blobSha(after ?? before ?? ''),
    additions: lines.filter((line) => line.startsWith('+')).length,
    deletions: lines.filter((line) => line.startsWith('-')).length,
    ...(patch === '' ? {} : { patch }),
  };
}

/** What the files tab shows between two commits; a moved file is recognised by its unchanged text. */
export function differences(before: Files, after: Files): Difference[] {
  const removed = Object.keys(before).filter((path) => !(path in after));
  const found: Difference[] = [];
  for (const [path, text] of Object.entries(after)) {
    if (before[path] === text) continue;
    const from = path in before ? undefined : removed.find((old) => before[old] === text);
    if (from === undefined) {
      found.push(difference(path, before[path], text));
      continue;
    }
    removed.splice(removed.indexOf(from), 1);
    found.push({
      filename: path,
      previous: from,
      status: 'renamed',
      sha: blobSha(text),
      additions: 0,
      deletions: 0,
    });
  }
  for (const path of removed) found.push(difference(path, before[path], undefined));
  return found.sort((a, b) => (a.filename < b.filename ? -1 : 1));
}
