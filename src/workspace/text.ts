/** 50 MB: far above any migration, far below what a process can hold. */
export const MOST_BYTES = 50 * 1024 * 1024;

export type DecodedText = { readonly text: string } | { readonly line: number; readonly reason: string };

/** Bytes of a file to its text, a byte order mark of UTF-8 included, or why they are no text and at which line. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const other = otherEncoding(bytes);
  if (other !== undefined) return { line: 1, reason: `is ${other}, not UTF-8; save it as UTF-8` };
  const nul = bytes.indexOf(0);
  if (nul !== -1) return { line: lineAt(bytes, nul), reason: `is binary: a NUL byte at offset ${nul}` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const bad = firstInvalidByte(bytes);
    const value = (bytes[bad] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    return {
      line: lineAt(bytes, bad),
      reason: `is not UTF-8: byte 0x${value} at offset ${bad}; save it as UTF-8`,
    };
  }
}

/** By byte order mark: the Unicode Standard, table 2-4. UTF-32 little-endian begins like UTF-16. */
function otherEncoding(bytes: Uint8Array): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe)
    return third === 0 && fourth === 0 ? 'UTF-32 (little-endian)' : 'UTF-16 (little-endian)';
  if (first === 0xfe && second === 0xff) return 'UTF-16 (big-endian)';
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return 'UTF-32 (big-endian)';
  return undefined;
}

/**
 * The lenient decoder puts U+FFFD where a sequence is wrong; everything before the first one that is not
 * in the file itself (as EF BF BD) was valid, so its length in bytes is the offset.
 */
function firstInvalidByte(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
    offset += 3;
    from = at + 1;
  }
  return offset;
}

function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < offset; at = bytes.indexOf(0x0a, at + 1)) line++;
  return line;
}
