import { fitByName, sample, topLevelSql } from '../fit.ts';
import { idAfter, TIMESTAMP } from '../ids.ts';
import type { Layout, LayoutReading } from '../layout.ts';
import type { ReadingProblem } from '../migration.ts';
import { firstLine } from '../sections.ts';
import { numberAndName, readWholeFiles } from '../whole-files.ts';

const NAME = /^(\d+)_(.+?)(?:\.(up|down))?\.sql$/;
const DIRECTED = /\.(?:up|down)\.sql$/;
/** sqlx compares the beginning of the file, byte order mark and all. */
const OPT_OUT = '-- no-transaction';

/** https://docs.rs/sqlx/latest/sqlx/migrate/: simple and reversible files may stand in one folder. */
export const sqlx: Layout = {
  id: 'sqlx',
  title: 'sqlx',
  pattern: '<version>_<name>.sql, or <version>_<name>.up.sql and .down.sql',
  optOut: OPT_OUT,
  downs: 'file',
  nativeTransaction: 'wrapped',
  fit(folder) {
    const paths = topLevelSql(folder);
    const fit = fitByName(paths, NAME, 0.6, '<version>_<name>.sql');
    if (fit.score === 0) return fit;
    const opted = sample(folder, paths).find(({ text }) => text.startsWith(OPT_OUT));
    if (opted) return { score: 0.95, why: `${opted.path} begins with ${OPT_OUT}` };
    const directed = paths.filter((path) => DIRECTED.test(path)).length;
    const stamped = paths.some((path) => /^\d{14}_/.test(path));
    // Home-made runners have such folders, too: alone it settles nothing.
    if (directed > 0 && directed < paths.length) {
      return { score: 0.6, why: 'simple files stand beside .up.sql and .down.sql' };
    }
    if (directed > 0)
      return { ...fit, score: stamped || /^\d{4}_/.test(paths[0] ?? '') ? fit.score : fit.score / 2 };
    return { ...fit, score: stamped ? fit.score : 0.45 };
  },
  read(folder) {
    const reading = readWholeFiles(folder, {
      id: 'sqlx',
      title: 'sqlx',
      pattern: NAME,
      identify: numberAndName,
      optsOut: ({ file }) => file.text.startsWith(OPT_OUT),
    });
    return withTooLargeVersions(reading);
  },
  write: ({ id, name, up, down, noTransaction }) => {
    const head = noTransaction ? `${OPT_OUT}\n` : '';
    if (down === undefined) return [{ path: `${id}_${name}.sql`, text: head + up }];
    return [
      { path: `${id}_${name}.up.sql`, text: head + up },
      { path: `${id}_${name}.down.sql`, text: head + down },
    ];
  },
  nextId: (last, now) => idAfter(last, now, TIMESTAMP),
};

/** sqlx keeps versions in signed 64 bits and refuses the whole folder otherwise. */
function withTooLargeVersions(reading: LayoutReading): LayoutReading {
  const problems = reading.migrations.flatMap((migration): ReadingProblem[] => {
    if (BigInt.asIntN(64, BigInt(migration.id)) === BigInt(migration.id)) return [];
    const { file } = migration.up;
    return [
      {
        ruleId: 'file-name',
        file,
        span: firstLine(file),
        message: `Version ${migration.id} does not fit in 64 bits: sqlx refuses the folder`,
        fix: 'Use a timestamp of 14 digits.',
        migrationId: migration.id,
        severity: 'error',
      },
    ];
  });
  return { ...reading, problems: [...reading.problems, ...problems] };
}
