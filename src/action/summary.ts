import { appendFile } from 'node:fs/promises';
import { type MarkdownOptions, renderMarkdown, STEP_SUMMARY_LIMIT } from '../report/markdown.ts';
import { prose } from '../report/markdown-text.ts';
import type { Result } from '../report/result.ts';

/** What stands between findings and the reader's trust: where the change, its files and its rules were read from. */
export function renderNotes(notes: readonly string[]): string {
  if (notes.length === 0) return '';
  const items = notes.map((note) => `- ${prose(note, 1_000)}`);
  return `<details><summary>How this was checked</summary>\n\n${items.join('\n')}\n\n</details>\n`;
}

/**
 * Adds the whole report to the page of the run. `path` is GITHUB_STEP_SUMMARY; a step holds 1 MiB. Returns why the
 * file could not be written, undefined where it was.
 */
export async function writeStepSummary(
  path: string,
  result: Result,
  notes: readonly string[],
  options: MarkdownOptions,
): Promise<string | undefined> {
  const tail = `\n${renderNotes(notes)}`;
  const maxLength = STEP_SUMMARY_LIMIT - Buffer.byteLength(tail) - 1;
  return appendSummary(path, renderMarkdown(result, { ...options, maxLength }) + tail);
}

/** Returns why the file could not be written, undefined where it was. */
export async function appendSummary(path: string, text: string): Promise<string | undefined> {
  try {
    await appendFile(path, text);
    return undefined;
  } catch (error) {
    // Only what the system refuses: anything else is a defect.
    if (error instanceof Error && 'code' in error) return error.message;
    throw error;
  }
}
