import type { Size, TableStatistics } from '../rules/rule.ts';

const SMALL = 10_000;
const LARGE = 1_000_000;

/** Of a table whose rows the sizes file knows. */
export function sizeOfRows(known: TableStatistics | undefined): Size | undefined {
  if (known?.rows === undefined) return undefined;
  const volume = known.rows < SMALL ? 'small' : known.rows < LARGE ? 'medium' : 'large';
  return { rows: known.rows, bytes: known.bytes, volume, measured: true, basis: 'the sizes file' };
}
