/**
 * A snapshot is one SQL file: a comment that holds what was measured as JSON, and the schema after it.
 *
 *     -- Airlock snapshot 1
 *     -- @sizes {
 *     --   "serverVersion": "16.4",
 *     --   "tables": { "public.users": { "rows": 1200000, "bytes": 98304000 } }
 *     -- }
 */
const FIRST = '-- Airlock snapshot 1';
const BEGIN = '-- @sizes ';
const END = '-- }';

/** Undefined: the text is no snapshot. `json` has everything at the place where it stands in the text. */
export function snapshotHeader(text: string): { readonly json: string; readonly end: number } | undefined {
  const lines = text.replace(/^\uFEFF/, ' ').split('\n');
  const bare = lines.map((line) => line.trimEnd());
  if (bare[0]?.trimStart() !== FIRST || !bare[1]?.startsWith(`${BEGIN}{`)) return undefined;
  const last = bare.findIndex((line, at) => at > 0 && (line === END || (at === 1 && line.endsWith('}'))));
  if (last === -1) return undefined;
  const block = lines.slice(0, last + 1);
  const json = block.map((line, at) =>
    at === 0 ? ' '.repeat(line.length) : line.replace(at === 1 ? BEGIN : /^--/, blank),
  );
  return { json: json.join('\n'), end: block.join('\n').length };
}

function blank(marks: string): string {
  return ' '.repeat(marks.length);
}

export function writeSnapshot(measured: object, schema: string): string {
  const [first = '{', ...rest] = JSON.stringify(measured, undefined, 2).split('\n');
  const comment = [FIRST, `${BEGIN}${first}`, ...rest.map((line) => `-- ${line}`)];
  return `${comment.join('\n')}\n\n${schema.trim()}\n`;
}
