import v8 from 'node:v8';

/**
 * V8 compiles the grammar's largest function a second time, optimising, as soon as it has run a
 * little, and a process cannot end before that is done: 400 ms instead of 60 for one small file
 * (Node 24; `npm run bench` measures it). With a larger budget only a long run gets the optimised code.
 * Call it before the parser is loaded.
 */
export function tuneForParser(): void {
  v8.setFlagsFromString('--wasm-tiering-budget=1000000000');
}
