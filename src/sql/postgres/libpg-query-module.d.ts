declare module 'libpg-query/wasm/libpg-query.js' {
  /** An instance of the compiled grammar (Emscripten). Pointers are offsets in its memory. */
  export interface GrammarInstance {
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(query: number): number;
    _wasm_free_parse_result(result: number): void;
    _wasm_parse_plpgsql(query: number): number;
    _wasm_free_string(text: number): void;
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, pointer: number, bytes: number): void;
    UTF8ToString(pointer: number): string;
    getValue(pointer: number, type: 'i32'): number;
  }
  const create: () => Promise<GrammarInstance>;
  export default create;
}
