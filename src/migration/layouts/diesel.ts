import { fitByName, sqlPaths } from '../fit.ts';
import { idAfter, idAfterAsText, TIMESTAMP } from '../ids.ts';
import type { Layout, LayoutFolder } from '../layout.ts';
import { readWholeFiles } from '../whole-files.ts';

const NAME = /^([\d-]*\d)_([^/]+)\/(up|down)\.sql$/;
const STRICT = /^(?:\d{14}|\d{4}-\d\d-\d\d-\d{6}(?:-\d{4})?)_[^/]+\/(?:up|down)\.sql$/;
const OPT_OUT = 'run_in_transaction = false';

/** https://docs.rs/diesel_migrations: a folder a migration; the version is what stands before the first `_`, without dashes. */
export const diesel: Layout = {
  id: 'diesel',
  title: 'Diesel',
  pattern: '<YYYY-MM-DD-HHMMSS>_<name>/up.sql and down.sql',
  optOut: `metadata.toml: ${OPT_OUT}`,
  downs: 'file',
  nativeTransaction: 'wrapped',
  fit: (folder) => fitByName(sqlPaths(folder), STRICT, 0.96, '<timestamp>_<name>/up.sql and down.sql'),
  read(folder) {
    const known = new Set(folder.paths);
    return readWholeFiles(folder, {
      id: 'diesel',
      title: 'Diesel',
      pattern: NAME,
      identify({ parts: [, version = '', name = '', direction] }) {
        const id = version.replaceAll('-', '');
        return { id, sortKey: id, name, direction: direction === 'down' ? 'down' : 'up' };
      },
      optsOut: (_, { path }) => optsOut(folder, known, path.replace(/[^/]+$/, 'metadata.toml')),
    });
  },
  write({ id, name, up, down, noTransaction }) {
    const stamp = id.replace(
      /^(\d{4})(\d\d)(\d\d)(\d{6})(\d{4})?$/,
      (_, ...[year, month, day, time, part]: string[]) =>
        [year, month, day, time, part].filter((text) => text !== undefined).join('-'),
    );
    const files = [
      { path: `${stamp}_${name}/up.sql`, text: up },
      { path: `${stamp}_${name}/down.sql`, text: down ?? '' },
    ];
    return noTransaction
      ? [...files, { path: `${stamp}_${name}/metadata.toml`, text: `${OPT_OUT}\n` }]
      : files;
  },
  nextId(last, now) {
    // Newer versions of its command line add four digits to the time.
    if (last === undefined || !/^\d{18}$/.test(last)) return idAfterAsText(last, now, TIMESTAMP);
    const candidate = `${idAfter(undefined, now, TIMESTAMP)}0000`;
    return candidate > last ? candidate : idAfterAsText(last, now, TIMESTAMP);
  },
};

function optsOut(folder: LayoutFolder, known: ReadonlySet<string>, path: string): boolean {
  if (!known.has(path)) return false;
  const file = folder.read(path);
  return !('reason' in file) && /^\uFEFF?[ \t]*run_in_transaction[ \t]*=[ \t]*false\b/m.test(file.text);
}
