import { fitByMarker } from '../fit.ts';
import { idAfterAsText, TIMESTAMP } from '../ids.ts';
import type { Layout } from '../layout.ts';
import { type Direction, type MarkedFiles, readMarkedFiles } from '../marked-files.ts';

const MARKER = /^--\s*migrate:(up|down)(?:\s+(.*))?$/is;

const files: MarkedFiles = {
  id: 'dbmate',
  title: 'dbmate',
  pattern: /^(\d+)_?(.*)\.sql$/,
  hint: /migrate:(?:up|down)/i,
  upMarker: '-- migrate:up',
  unmarked: 'refused',
  repeats: false,
  classify,
  // dbmate compares versions as text.
  identify: ([, id = '', name = '']) => ({ id, sortKey: id, name }),
  optsOut: (_, markers) =>
    markers.some(({ comment }) => /(?:^|\s)transaction:false(?:\s|$)/i.test(MARKER.exec(comment)?.[2] ?? '')),
};

/** https://github.com/amacneil/dbmate#creating-migrations */
export const dbmate: Layout = {
  id: 'dbmate',
  title: 'dbmate',
  pattern: '<version>_<name>.sql',
  markers: '-- migrate:up, -- migrate:down',
  optOut: '-- migrate:up transaction:false',
  downs: 'section',
  nativeTransaction: 'wrapped',
  fit: (folder) => fitByMarker(folder, files.pattern, files.hint, classify),
  read: (folder) => readMarkedFiles(folder, files),
  write: ({ id, name, up, down, noTransaction }) => {
    const option = noTransaction ? ' transaction:false' : '';
    const text = `-- migrate:up${option}\n${up}\n-- migrate:down${option}\n${down ?? ''}`;
    return [{ path: `${id}_${name}.sql`, text }];
  },
  nextId: (last, now) => idAfterAsText(last, now, TIMESTAMP),
};

function classify(comment: string): Direction | undefined {
  const word = MARKER.exec(comment)?.[1]?.toLowerCase();
  return word === 'up' || word === 'down' ? word : undefined;
}
