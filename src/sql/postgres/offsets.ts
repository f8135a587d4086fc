/**
 * libpg-query counts bytes of UTF-8; files, editors and GitHub count UTF-16 code units.
 * Plain ASCII, by far the usual case, needs no table.
 */
export type ToOffset = (byte: number) => number;

export function byteOffsets(text: string, base: number): ToOffset {
  if (isAscii(text)) return (byte) => base + Math.min(byte, text.length);
  const starts = new Uint32Array(Buffer.byteLength(text) + 1);
  let byte = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at) ?? 0;
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    starts.fill(at, byte, byte + length);
    byte += length;
    if (length === 4) at++;
  }
  starts[byte] = text.length;
  return (from) => base + (starts[Math.min(from, byte)] ?? text.length);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}
