import { fitByMarker } from '../fit.ts';
import { idAfter, numericKey } from '../ids.ts';
import type { Layout } from '../layout.ts';
import { type Direction, type MarkedFiles, readMarkedFiles } from '../marked-files.ts';

const MARKER = /^--[\s-]*(up|down)\s+migration/i;

const files: MarkedFiles = {
  id: 'node-pg-migrate',
  title: 'node-pg-migrate',
  pattern: /^(\d+)[_-](.+)\.sql$/,
  hint: /(?:up|down)\s+migration/i,
  upMarker: '-- Up Migration',
  unmarked: 'up',
  repeats: false,
  classify,
  identify: ([, id = '', name = '']) => ({ id, sortKey: numericKey(id), name }),
  optsOut: () => false,
};

/**
 * https://salsita.github.io/node-pg-migrate/: SQL migrations; those in JavaScript and TypeScript are not read.
 * All pending migrations share one transaction unless the tool is told `--no-single-transaction`.
 */
export const nodePgMigrate: Layout = {
  id: 'node-pg-migrate',
  title: 'node-pg-migrate',
  pattern: '<timestamp>_<name>.sql',
  markers: '-- Up Migration, -- Down Migration',
  downs: 'section',
  nativeTransaction: 'all-in-one',
  // Prose that begins like a marker splits the tool's files, but says nothing about which tool it is.
  fit: (folder) =>
    fitByMarker(folder, files.pattern, files.hint, (comment) =>
      /migration[\s-]*$/i.test(comment) ? classify(comment) : undefined,
    ),
  read: (folder) => readMarkedFiles(folder, files),
  write: ({ id, name, up, down }) => [
    { path: `${id}_${name}.sql`, text: `-- Up Migration\n${up}\n-- Down Migration\n${down ?? ''}` },
  ],
  nextId: (last, now) => idAfter(last, now, { kind: 'unix', digits: 13 }),
};

function classify(comment: string): Direction | undefined {
  const word = MARKER.exec(comment)?.[1]?.toLowerCase();
  return word === 'up' || word === 'down' ? word : undefined;
}
