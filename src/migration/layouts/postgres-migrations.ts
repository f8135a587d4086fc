import { fitByName, sample, topLevelSql } from '../fit.ts';
import { idAfter } from '../ids.ts';
import type { Layout } from '../layout.ts';
import { numberAndName, readWholeFiles } from '../whole-files.ts';

const NAME = /^(\d+)[-_](.+)\.sql$/;
const STRICT = /^\d{4}-.+\.sql$/;
const OPT_OUT = /^--\s*postgres-migrations\s+disable-transaction\b/;

/** https://github.com/ThomWright/postgres-migrations: forward only, numbered without gaps. */
export const postgresMigrations: Layout = {
  id: 'postgres-migrations',
  title: 'postgres-migrations',
  pattern: '<NNNN>-<name>.sql',
  optOut: '-- postgres-migrations disable-transaction',
  downs: 'none',
  nativeTransaction: 'wrapped',
  fit(folder) {
    const paths = topLevelSql(folder);
    const fit = fitByName(paths, STRICT, 0.85, '<NNNN>-<name>.sql');
    const marked = sample(
      folder,
      paths.filter((path) => NAME.test(path)),
    ).find(({ text }) => /^--\s*postgres-migrations\s/m.test(text));
    return marked ? { score: 0.97, why: `${marked.path} speaks to postgres-migrations` } : fit;
  },
  read: (folder) =>
    readWholeFiles(folder, {
      id: 'postgres-migrations',
      title: 'postgres-migrations',
      pattern: NAME,
      hint: /--\s*postgres-migrations/,
      identify: numberAndName,
      optsOut: ({ file, comments }) =>
        comments.some(({ start, end }) => OPT_OUT.test(file.text.slice(start, end))),
    }),
  write: ({ id, name, up, noTransaction }) => [
    {
      path: `${id}-${name.replaceAll('_', '-')}.sql`,
      text: noTransaction ? `-- postgres-migrations disable-transaction\n${up}` : up,
    },
  ],
  nextId: (last, now) => idAfter(last, now, { kind: 'number', digits: 4 }),
};
