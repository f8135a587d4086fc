import type { Result } from './result.ts';

/** The result document, indented by two, with a line feed at its end. */
export function renderJson(result: Result): string {
  return safeJson(result);
}

/**
 * JSON that stays harmless when it is printed: what a terminal or the Actions runner could act upon is
 * written as an escape, which means the same to every JSON reader.
 */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2)
    .replace(/[\x7f-\x9f\p{Cf}\u2028\u2029]/gu, (character) =>
      Array.from({ length: character.length }, (_, at) => unicodeEscape(character, at)).join(''),
    )
    // `##[` starts a workflow command anywhere in a line, invisible marks between its characters or not.
    .replace(/(?<=#\p{M}*)#(?=\p{M}*\[)/gu, String.raw`\u0023`);
  return `${text}\n`;
}

function unicodeEscape(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
}
