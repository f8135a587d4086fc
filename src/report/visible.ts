/**
 * Text from SQL, paths and databases, made safe to look at: whatever would move the cursor, colour the
 * terminal, reorder the line (bidirectional overrides, CVE-2021-42574) or hide in it is spelled out.
 */

// Controls, format characters, line and paragraph separators, lone surrogates and private use; then
// what draws nothing though it counts as a letter (Hangul fillers) or as a mark (supplementary selectors).
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u115f\u1160\u3164\uffa0]|[\u{e0100}-\u{e01ef}]/gu;

/** Keeps tabs and line feeds, turns CR LF into LF; ESC becomes `␛`, U+202E becomes `<U+202E>`. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(HIDDEN, spell);
}

/** As `visible`, on one line: runs of white space become one space. */
export function visibleLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

/** At most `length` UTF-16 code units, the last of them an ellipsis where something was cut; pairs stay whole. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = text.slice(0, Math.max(0, length - 1));
  return `${/[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head}…`;
}

/** At most `bytes` bytes of UTF-8, cut between characters. */
export function clipBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text, 'utf8');
  if (encoded.length <= bytes) return text;
  let end = Math.max(0, bytes - 3);
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${encoded.toString('utf8', 0, end)}…`;
}

function spell(character: string): string {
  if (character === '\t' || character === '\n') return character;
  const code = character.codePointAt(0) ?? 0;
  // Unicode's control pictures: one cell wide, and known to everybody who has seen a hex dump.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
