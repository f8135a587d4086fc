import { fitByMarker } from '../fit.ts';
import { idAfter, numericKey, TIMESTAMP } from '../ids.ts';
import type { Layout } from '../layout.ts';
import { type Direction, type MarkedFiles, readMarkedFiles } from '../marked-files.ts';

const COMMAND = /^--\s*\+migrate\s+(up|down)\b(.*)$/is;

const files: MarkedFiles = {
  id: 'sql-migrate',
  title: 'sql-migrate',
  pattern: /^([^/]+)\.sql$/,
  hint: /\+migrate/i,
  upMarker: '-- +migrate Up',
  unmarked: 'refused',
  repeats: true,
  classify,
  identify([, name = '']) {
    // The history holds the whole file name. Files with numbers come first, in numeric order.
    const [digits] = /^\d+/.exec(name) ?? [];
    return {
      id: `${name}.sql`,
      sortKey: digits === undefined ? `~${name}` : `${numericKey(digits)} ${name}`,
      name: name.replace(/^\d+[-_]?/, '') || name,
    };
  },
  optsOut: (_, markers) =>
    markers.some(({ comment }) => /\bnotransaction\b/i.test(COMMAND.exec(comment)?.[2] ?? '')),
};

/** https://github.com/rubenv/sql-migrate: sections may repeat, and each says itself that it wants no transaction. */
export const sqlMigrate: Layout = {
  id: 'sql-migrate',
  title: 'sql-migrate',
  pattern: '<name>.sql',
  markers: '-- +migrate Up, -- +migrate Down',
  optOut: '-- +migrate Up notransaction, -- +migrate Down notransaction',
  downs: 'section',
  nativeTransaction: 'wrapped',
  fit: (folder) => fitByMarker(folder, files.pattern, files.hint, classify),
  read: (folder) => readMarkedFiles(folder, files),
  write: ({ id, name, up, down, noTransaction }) => {
    const option = noTransaction ? ' notransaction' : '';
    const text = `-- +migrate Up${option}\n${wrapped(up)}\n-- +migrate Down${option}\n${wrapped(down ?? '')}`;
    return [{ path: `${id}-${name}.sql`, text }];
  },
  nextId: (last, now) => idAfter(last, now, TIMESTAMP),
};

function classify(comment: string): Direction | undefined {
  const word = COMMAND.exec(comment)?.[1]?.toLowerCase();
  return word === 'up' || word === 'down' ? word : undefined;
}

/** sql-migrate splits at semicolons unless told otherwise, dollar quotes included. */
function wrapped(sql: string): string {
  return sql.includes('$') ? `-- +migrate StatementBegin\n${sql.trimEnd()}\n-- +migrate StatementEnd\n` : sql;
}
