import type { Layout } from '../migration/layout.ts';
import type { Edit, SectionName } from '../rules/rule.ts';
import type { SourceFile } from '../sql/source.ts';

/**
 * The edit that marks a file as running outside a transaction, in its layout's own words. `not-needed`
 * where a file of one statement runs by itself anyway; undefined where the layout knows no way or Airlock
 * does not know how to write it.
 */
export function optOutEdit(
  layout: Layout,
  file: SourceFile,
  section: SectionName,
): Edit | 'not-needed' | undefined {
  const { text } = file;
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  switch (layout.id) {
    case 'airlock':
    case 'plain-sql': {
      const marker = /^[ \t]*--[ \t]*up[ \t]*\r?$/im.exec(text);
      const at = marker?.index ?? start;
      return { start: at, end: at, text: `-- @no-transaction${newline}` };
    }
    case 'sqlx':
      return { start, end: start, text: `-- no-transaction${newline}` };
    case 'postgres-migrations':
      return { start, end: start, text: `-- postgres-migrations disable-transaction${newline}` };
    case 'goose':
      return { start, end: start, text: `-- +goose NO TRANSACTION${newline}` };
    case 'dbmate':
      return section === 'down'
        ? append(text, /^--\s*migrate:down\b(?![^\n]*transaction:)/im, ' transaction:false')
        : append(text, /^--\s*migrate:up\b(?![^\n]*transaction:)/im, ' transaction:false');
    case 'sql-migrate':
      return section === 'down'
        ? append(text, /^--\s*\+migrate\s+Down\b(?!\s+notransaction)/im, ' notransaction')
        : append(text, /^--\s*\+migrate\s+Up\b(?!\s+notransaction)/im, ' notransaction');
    default:
      return layout.nativeTransaction === 'simple-query' || layout.nativeTransaction === 'autocommit'
        ? 'not-needed'
        : undefined;
  }
}

function append(text: string, marker: RegExp, words: string): Edit | undefined {
  const found = marker.exec(text);
  if (!found) return undefined;
  const at = found.index + found[0].length;
  return { start: at, end: at, text: words };
}
