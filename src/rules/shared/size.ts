import type { Severity, Size } from '../rule.ts';

/** A measured small table is locked for a blink: the finding stays, as information. */
export function severityFor(size: Size | undefined): Severity | undefined {
  return size?.measured && size.volume === 'small' ? 'info' : undefined;
}

/** " (12,400,000 rows according to the sizes file)", or nothing when the size is not known. */
export function sizeNote(size: Size | undefined): string {
  if (!size) return '';
  if (size.rows !== undefined)
    return ` (${size.rows.toLocaleString('en-US')} rows according to ${size.basis})`;
  return size.volume === 'large' ? ` (large according to ${size.basis})` : '';
}
