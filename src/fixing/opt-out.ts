import { inFolder } from '../migration/folder-files.ts';
import type { Layout, LayoutFolder } from '../migration/layout.ts';
import type { Edit, Execution, SectionName } from '../rules/rule.ts';
import type { SourceFile } from '../sql/source.ts';

/** What marks a file as running outside a transaction: an edit of its own text, or a file beside it. */
export interface OptOut {
  readonly edits: readonly Edit[];
  readonly beside?:
    | { readonly path: string; readonly before?: string | undefined; readonly after: string }
    | undefined;
}

interface Question {
  readonly layout: Layout;
  readonly folder: LayoutFolder;
  readonly file: SourceFile;
  readonly section: SectionName;
  readonly execution: Execution;
}

/** The layout's own words for "outside a transaction", or why there are none. Not for files that say it already. */
export function optOutOf({ layout, folder, file, section, execution }: Question): OptOut | string {
  const { text } = file;
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const first = (line: string): OptOut => ({ edits: [{ start, end: start, text: `${line}${newline}` }] });
  const none = `${layout.title} has no way to run a file outside a transaction.`;
  switch (layout.id) {
    case 'airlock':
    case 'plain-sql': {
      const marker = /^[ \t]*--[ \t]*up[ \t]*\r?$/im.exec(text);
      const at = marker?.index ?? start;
      return { edits: [{ start: at, end: at, text: `-- @no-transaction${newline}` }] };
    }
    case 'sqlx':
      return first('-- no-transaction');
    case 'postgres-migrations':
      return first('-- postgres-migrations disable-transaction');
    case 'goose':
      return first('-- +goose NO TRANSACTION');
    case 'dbmate':
      return section === 'down'
        ? append(text, /^--\s*migrate:down\b(?![^\n]*transaction:)/im, ' transaction:false', none)
        : append(text, /^--\s*migrate:up\b(?![^\n]*transaction:)/im, ' transaction:false', none);
    case 'sql-migrate':
      return section === 'down'
        ? append(text, /^--\s*\+migrate\s+Down\b(?!\s+notransaction)/im, ' notransaction', none)
        : append(text, /^--\s*\+migrate\s+Up\b(?!\s+notransaction)/im, ' notransaction', none);
    case 'flyway':
      return beside(folder, `${file.path}.conf`, 'executeInTransaction=false');
    case 'diesel':
      return beside(folder, file.path.replace(/[^/]+$/, 'metadata.toml'), 'run_in_transaction = false');
    default:
      if (execution.runner === 'airlock') return first('-- @no-transaction');
      if (layout.nativeTransaction === 'simple-query' || layout.nativeTransaction === 'autocommit')
        return { edits: [] };
      return layout.optOut === undefined
        ? none
        : `how ${layout.title} runs a file outside a transaction (${layout.optOut}) is for you to write.`;
  }
}

function append(text: string, marker: RegExp, words: string, none: string): OptOut | string {
  const found = marker.exec(text);
  if (!found) return none;
  const at = found.index + found[0].length;
  return { edits: [{ start: at, end: at, text: words }] };
}

/** A file of settings: the line is put in, or takes the place of the one that says the contrary. */
function beside(folder: LayoutFolder, path: string, line: string): OptOut | string {
  const known = folder.paths.find((each) => inFolder(folder, each) === path);
  if (known === undefined) return { edits: [], beside: { path, after: `${line}\n` } };
  const there = folder.read(known);
  if ('reason' in there) return `${path} ${there.reason}.`;
  const name = line.slice(0, line.search(/[ =]/));
  const own = new RegExp(`^[ \\t]*${name}[ \\t]*[=:].*$`, 'im');
  const before = there.text;
  const after = own.test(before)
    ? before.replace(own, line)
    : `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`;
  return { edits: [], beside: { path, before, after } };
}
