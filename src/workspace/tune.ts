import v8 from 'node:v8';
import vm from 'node:vm';

/**
 * Gives memory back in the middle of a long run: V8 by itself lets garbage stand until the heap has grown by half, and
 * its space for new objects grow to 130 MB. Costs a tenth of a second for 100,000 statements, and some speed from then on.
 */
export function freeMemory(): void {
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  v8.setFlagsFromString('--expose-gc');
  const collect: unknown = vm.runInNewContext('gc');
  if (typeof collect === 'function') collect();
}

/**
 * For a run of a second or so: V8's optimising compiler would be busy all that time, on code that is over before it has
 * paid (a tenth of the time for 10,000 statements, `npm run bench`).
 */
export function tuneForLongText(): void {
  v8.setFlagsFromString('--no-opt');
}
