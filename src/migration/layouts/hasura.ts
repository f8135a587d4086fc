import { fitByName, sqlPaths } from '../fit.ts';
import { idAfter, numericKey } from '../ids.ts';
import type { Layout } from '../layout.ts';
import { readWholeFiles } from '../whole-files.ts';

const NAME = /^(?:([^/]+)\/)?(\d+)_([^/]+)\/(up|down)\.sql$/;
const STRICT = /^(?:[^/]+\/)?\d{13}_[^/]+\/(?:up|down)\.sql$/;

/** https://hasura.io/docs/2.0/migrations-metadata-seeds/manage-migrations/: milliseconds, one folder a database. */
export const hasura: Layout = {
  id: 'hasura',
  title: 'Hasura',
  pattern: '<database>/<milliseconds>_<name>/up.sql and down.sql',
  downs: 'file',
  nativeTransaction: 'wrapped',
  fit: (folder) => fitByName(sqlPaths(folder), STRICT, 0.96, '<milliseconds>_<name>/up.sql and down.sql'),
  read(folder) {
    const databases = new Set(
      folder.paths.map((path) => NAME.exec(path)?.[1]).filter((name) => name !== undefined),
    );
    return readWholeFiles(folder, {
      id: 'hasura',
      title: 'Hasura',
      pattern: NAME,
      identify({ parts: [, database = '', version = '', name = '', direction] }) {
        // Each database has a history of its own: the same version in two is no duplicate.
        const prefix = databases.size > 1 ? `${database}/` : '';
        return {
          id: prefix + version,
          sortKey: prefix + numericKey(version),
          name,
          direction: direction === 'down' ? 'down' : 'up',
        };
      },
      optsOut: () => false,
    });
  },
  write: ({ id, name, up, down }) => [
    { path: `${id}_${name}/up.sql`, text: up },
    ...(down === undefined ? [] : [{ path: `${id}_${name}/down.sql`, text: down }]),
  ],
  nextId: (last, now) => idAfter(last?.replace(/^.*\//, ''), now, { kind: 'unix', digits: 13 }),
};
