/** One message between a chamber and its parent: a JSON text, and bytes that JSON would only make longer. */
export interface Frame {
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** Bytes; a frame that says it is longer is never read. */
export interface FrameLimits {
  readonly text: number;
  readonly bytes: number;
}

const NO_BYTES = new Uint8Array(0);

/** Two little-endian lengths of 32 bits, the text in UTF-8, the bytes. */
export function encodeFrame(message: unknown, bytes: Uint8Array = NO_BYTES): readonly Uint8Array[] {
  const text = Buffer.from(JSON.stringify(message), 'utf8');
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(text.length, 0);
  head.writeUInt32LE(bytes.length, 4);
  return bytes.length === 0 ? [head, text] : [head, text, bytes];
}

/** Bytes of the two lengths. */
const HEAD = 8;

/**
 * Reads frames from a pipe. Not Node's own channel between processes: a parent believes what comes through that
 * (NODE_HANDLE messages end it with an exception), and it reads a message of any length.
 */
export class FrameReader {
  readonly #limits: FrameLimits;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** The frames that this chunk completes; 'too-long' when one announces more than the limits. */
  push(chunk: Buffer): readonly Frame[] | 'too-long' {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const frames: Frame[] = [];
    while (this.#length >= HEAD) {
      const head = this.#front(HEAD);
      const [text, bytes] = [head.readUInt32LE(0), head.readUInt32LE(4)];
      if (text > this.#limits.text || bytes > this.#limits.bytes) return 'too-long';
      const whole = HEAD + text + bytes;
      if (this.#length < whole) break;
      const frame = this.#front(whole);
      this.#chunks = frame.length === whole ? this.#chunks.slice(1) : [frame.subarray(whole)];
      this.#length -= whole;
      frames.push({
        text: frame.toString('utf8', HEAD, HEAD + text),
        bytes: frame.subarray(HEAD + text, whole),
      });
    }
    return frames;
  }

  /** The first chunk, put together from so many that it holds `length` bytes. */
  #front(length: number): Buffer {
    const [first] = this.#chunks;
    if (first && first.length >= length) return first;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}
