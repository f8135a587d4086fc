import type { SourceFile } from '../sql/source.ts';
import type { Fit, LayoutFolder } from './layout.ts';
import { findMarkers } from './line-comments.ts';
import { scan } from './sections.ts';

/** What layouts judge a folder by: how many names fit, and what a few files say. */
export const NO_FIT: Fit = { score: 0, why: 'no file has such a name' };

/** Reading three files settles what markers a folder uses, however large it is. */
const SAMPLES = 3;

export function sqlPaths(folder: LayoutFolder): string[] {
  return folder.paths.filter((path) => path.endsWith('.sql'));
}

/** SQL files in the folder itself, without those of its sub-folders. */
export function topLevelSql(folder: LayoutFolder): string[] {
  return sqlPaths(folder).filter((path) => !path.includes('/'));
}

/** `score` times the share of `among` that fits `pattern`; nothing below a half. */
export function fitByName(among: readonly string[], pattern: RegExp, score: number, like: string): Fit {
  const matching = among.filter((path) => pattern.test(path));
  if (matching.length === 0 || matching.length * 2 < among.length) return NO_FIT;
  return {
    score: score * (matching.length / among.length),
    why: `${countFiles(matching.length)} named ${like}`,
  };
}

/** Fits when files that carry `pattern` hold the markers that `classify` knows. */
export function fitByMarker(
  folder: LayoutFolder,
  pattern: RegExp,
  hint: RegExp,
  classify: (comment: string) => string | undefined,
): Fit {
  // Files that come in pairs have no sections.
  const paths = topLevelSql(folder).filter((path) => pattern.test(path) && !/\.(?:up|down)\.sql$/.test(path));
  const samples = sample(folder, paths);
  const markers = samples.map((file) => findMarkers(file.text, scan(file, hint).comments, classify)[0]);
  const marked = markers.filter((marker) => marker !== undefined);
  const [example] = marked;
  if (example === undefined) return { score: 0, why: 'no file holds its markers' };
  const score = 0.9 + 0.08 * (marked.length / samples.length);
  return {
    score,
    why: `${marked.length} of ${countFiles(samples.length)} looked into hold ${quote(example.comment)}`,
  };
}

/** The first, the middle and the last of the files, those that can be read. */
export function sample(folder: LayoutFolder, paths: readonly string[]): SourceFile[] {
  const step = Math.max(1, (paths.length - 1) / (SAMPLES - 1));
  const chosen = new Set<string>();
  for (let at = 0; at < paths.length && chosen.size < SAMPLES; at += step)
    chosen.add(paths[Math.round(at)] ?? '');
  return [...chosen].flatMap((path) => {
    const file = folder.read(path);
    return 'reason' in file ? [] : [file];
  });
}

export function countFiles(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

function quote(comment: string): string {
  return comment.length > 40 ? `${comment.slice(0, 40)}…` : comment;
}
