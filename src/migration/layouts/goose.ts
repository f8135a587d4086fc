import { fitByMarker } from '../fit.ts';
import { idAfter, numericKey, TIMESTAMP } from '../ids.ts';
import type { Layout } from '../layout.ts';
import { type Direction, type MarkedFiles, readMarkedFiles } from '../marked-files.ts';

/** StatementBegin, StatementEnd and ENVSUB only tell goose's own splitter what to do: here they are comments. */
const ANNOTATION = /^--\s*\+goose\s(.*)$/is;

const files: MarkedFiles = {
  id: 'goose',
  title: 'goose',
  pattern: /^(\d+)_(.+)\.sql$/,
  hint: /\+goose/i,
  upMarker: '-- +goose Up',
  unmarked: 'refused',
  repeats: false,
  classify,
  identify: ([, id = '', name = '']) => ({ id, sortKey: numericKey(id), name }),
  optsOut: ({ file, comments }) =>
    comments.some(({ start, end }) => annotation(file.text.slice(start, end)) === 'no transaction'),
};

/** https://pressly.github.io/goose/documentation/annotations/: annotations in any case. */
export const goose: Layout = {
  id: 'goose',
  title: 'goose',
  pattern: '<version>_<name>.sql',
  markers: '-- +goose Up, -- +goose Down',
  optOut: '-- +goose NO TRANSACTION',
  downs: 'section',
  nativeTransaction: 'wrapped',
  fit: (folder) => fitByMarker(folder, files.pattern, files.hint, classify),
  read: (folder) => readMarkedFiles(folder, files),
  write: ({ id, name, up, down, noTransaction }) => {
    const head = noTransaction ? '-- +goose NO TRANSACTION\n' : '';
    const body = `${wrapped(up)}\n-- +goose Down\n${wrapped(down ?? '')}`;
    return [{ path: `${id}_${name}.sql`, text: `${head}-- +goose Up\n${body}` }];
  },
  nextId: (last, now) => idAfter(last, now, TIMESTAMP),
};

function annotation(comment: string): string | undefined {
  return ANNOTATION.exec(comment)?.[1]?.trim().toLowerCase().replace(/\s+/g, ' ');
}

function classify(comment: string): Direction | undefined {
  const word = annotation(comment);
  return word === 'up' || word === 'down' ? word : undefined;
}

/** goose splits at semicolons unless told otherwise, dollar quotes included. */
function wrapped(sql: string): string {
  return sql.includes('$') ? `-- +goose StatementBegin\n${sql.trimEnd()}\n-- +goose StatementEnd\n` : sql;
}
