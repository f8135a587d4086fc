import { fitByName, topLevelSql } from '../fit.ts';
import { idAfter } from '../ids.ts';
import type { Layout } from '../layout.ts';
import { numberAndName, readWholeFiles } from '../whole-files.ts';

const NAME = /^(\d+)_(.+)\.(up|down)\.sql$/;
/** sqlx and golang-migrate both stamp with 14 digits; numbers are golang-migrate's `create -seq`. */
const SIMPLE = /^\d+_.+(?<!\.up|\.down)\.sql$/;
const NUMBERED = /^\d{1,13}_.+\.(?:up|down)\.sql$/;

/** https://github.com/golang-migrate/migrate: versions are numbers; the file is sent as it stands. */
export const golangMigrate: Layout = {
  id: 'golang-migrate',
  title: 'golang-migrate',
  pattern: '<version>_<name>.up.sql, <version>_<name>.down.sql',
  downs: 'file',
  nativeTransaction: 'simple-query',
  fit(folder) {
    const paths = topLevelSql(folder);
    const numbered = paths.some((path) => NUMBERED.test(path) && !/^\d{4}_/.test(path));
    // It passes over files without a direction, so that nobody who uses it has many of them.
    const mixed = paths.filter((path) => SIMPLE.test(path)).length * 10 > paths.length;
    const score = mixed ? 0.3 : numbered ? 0.88 : 0.6;
    return fitByName(paths, NAME, score, '<version>_<name>.up.sql or .down.sql');
  },
  read: (folder) =>
    readWholeFiles(folder, {
      id: 'golang-migrate',
      title: 'golang-migrate',
      pattern: NAME,
      identify: numberAndName,
      optsOut: () => false,
    }),
  write: ({ id, name, up, down }) => [
    { path: `${id}_${name}.up.sql`, text: up },
    ...(down === undefined ? [] : [{ path: `${id}_${name}.down.sql`, text: down }]),
  ],
  nextId: (last, now) => idAfter(last, now, { kind: 'number', digits: 6 }),
};
