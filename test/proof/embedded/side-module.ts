/**
 * Writes a WebAssembly side module as Emscripten's dynamic linking understands it (its DynamicLinking document and the
 * "dylink.0" section of the tool conventions), whose glue carries JavaScript: the attack that the chamber must hold.
 */
export function sideModule(javaScript: string, by: 'EM_JS' | 'EM_ASM'): Buffer {
  const text = by === 'EM_JS' ? `(void)<::>0,(()=>{${javaScript}})()` : `};${javaScript};()=>{`;
  const data = Buffer.from(`${text}\0`, 'utf8');
  const exported =
    by === 'EM_JS'
      ? [{ name: '__em_js__attack', at: 0 }]
      : [
          { name: '__start_em_asm', at: 0 },
          { name: '__stop_em_asm', at: data.length },
        ];
  return Buffer.concat([
    Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    // Memory of so many bytes, aligned to 16, and no table.
    section(0, [...name('dylink.0'), 1, ...sized([...leb(data.length), 4, 0, 0])]),
    // The memory of the main program, and where in it this module's data begins.
    section(
      2,
      vector([
        [...name('env'), ...name('memory'), 2, 0, 1],
        [...name('env'), ...name('__memory_base'), 3, I32, 0],
      ]),
    ),
    section(6, vector(exported.map(({ at }) => [I32, 0, I32_CONST, ...signed(at), END]))),
    section(7, vector(exported.map((each, index) => [...name(each.name), 3, ...leb(index + 1)]))),
    section(11, vector([[0, GLOBAL_GET, 0, END, ...leb(data.length), ...data]])),
  ]);
}

const I32 = 0x7f;
const I32_CONST = 0x41;
const GLOBAL_GET = 0x23;
const END = 0x0b;

function section(id: number, body: readonly number[]): Buffer {
  return Buffer.from([id, ...sized(body)]);
}

function sized(body: readonly number[]): number[] {
  return [...leb(body.length), ...body];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...leb(items.length), ...items.flat()];
}

function name(text: string): number[] {
  return sized([...Buffer.from(text, 'utf8')]);
}

function leb(value: number): number[] {
  const low = value & 0x7f;
  return value > 0x7f ? [low | 0x80, ...leb(value >>> 7)] : [low];
}

function signed(value: number): number[] {
  const low = value & 0x7f;
  return value > 0x3f ? [low | 0x80, ...signed(value >> 7)] : [low];
}

/** SQL that writes a file to the server's disk and loads it as a library. */
export function loading(library: Buffer, path = '/tmp/attack.so'): readonly string[] {
  return [
    `SELECT lo_from_bytea(4711, decode('${library.toString('hex')}', 'hex'))`,
    `SELECT lo_export(4711, '${path}')`,
    `LOAD '${path}'`,
  ];
}
