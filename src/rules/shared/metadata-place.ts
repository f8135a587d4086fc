import type { Migration } from '../../migration/migration.ts';
import type { Span } from '../../sql/source.ts';

/** Where a text stands in quotes in a migration's metadata; the whole metadata where it does not. Undefined: there is none. */
export function metadataPlace(migration: Migration, quotedText: string): Span | undefined {
  const { metadataSpan: span, up } = migration;
  if (!span || span.end <= span.start) return undefined;
  const at = up.file.text.slice(span.start, span.end).indexOf(JSON.stringify(quotedText));
  return at === -1
    ? span
    : { start: span.start + at, end: span.start + at + JSON.stringify(quotedText).length };
}
