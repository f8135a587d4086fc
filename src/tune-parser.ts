import v8 from 'node:v8';

/**
 * V8 compiles functions of the grammar a second time, optimising, as soon as they have run a little. The largest
 * of them costs 400 ms, which a process waits for before it ends, and 500 MB of memory for a moment; the optimised
 * code then reads no faster (Node 20 and 24, `npm run bench`). So only the function with this index may be
 * optimised, and no module has so many. Call it before the parser is loaded.
 */
export function tuneForParser(): void {
  v8.setFlagsFromString(`--wasm-tier-up-filter=${NO_FUNCTION}`);
  // How much code runs between two tries.
  v8.setFlagsFromString('--wasm-tiering-budget=1000000000');
}

/** Above the number of functions that V8 takes in one module (its kV8MaxWasmFunctions). */
const NO_FUNCTION = 1_000_001;
