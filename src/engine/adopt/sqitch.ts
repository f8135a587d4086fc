import type { SealedMigration } from '../../migration/plan.ts';
import type { Row } from '../connection.ts';
import { type Adopter, comparedTo, toldOf } from './adopter.ts';
import { hasHash } from './file-hash.ts';

/**
 * A registry in a schema of its own: a row for each deployed change with the SHA-1 of its script, and a log of events.
 * https://sqitch.org/docs/manual/sqitch-log/
 */
export const sqitch: Adopter = {
  layout: 'sqitch',
  tool: 'Sqitch',
  table: 'sqitch.changes',
  columns: ['change_id', 'change', 'project', 'script_hash', 'committed_at'],
  async read(table, files, rows) {
    const all = await rows(
      `SELECT project::text, change::text, script_hash::text, change_id::text FROM ${table} ORDER BY committed_at, change_id`,
    );
    const project = projectOf(all, files);
    const events = table.replace(/"[^"]*"$/, '"events"');
    const [newest] = await rows(
      `SELECT event::text, change::text FROM ${events} WHERE project::text = ${project === undefined ? 'project::text' : `'${project.replaceAll("'", "''")}'`} ORDER BY committed_at DESC LIMIT 1`,
    );
    if (newest?.['event'] === 'fail')
      return {
        ok: false,
        problem: `the last thing Sqitch did was to fail at ${newest['change']}.`,
        next: 'put right what it left, then sqitch deploy (or sqitch revert) until it succeeds',
      };
    const times = new Map<string, number>();
    return {
      ok: true,
      told: all
        .filter((row) => row['project'] === project)
        .map(({ change, script_hash: hash, change_id: id }) => {
          const name = change ?? '';
          // A reworked change was deployed once for each of its files.
          const time = times.get(name) ?? 0;
          times.set(name, time + 1);
          const file = files.filter(
            ({ migration }) => migration.id === name || migration.id.startsWith(`${name}@`),
          )[time];
          // Registries from before version 1 had no hash, and got the id of the change in its place.
          return file && hash !== null && hash !== undefined && hash !== id
            ? comparedTo(name, file, hasHash(file, 'sha1', hash))
            : toldOf(name, file);
        }),
    };
  },
};

/** Several projects may share a registry: ours is the one with most of our files. */
function projectOf(all: readonly Row[], files: readonly SealedMigration[]): string | undefined {
  const names = new Set(files.map(({ migration }) => migration.name));
  const counts = new Map<string, number>();
  for (const { project, change } of all)
    counts.set(project ?? '', (counts.get(project ?? '') ?? 0) + (names.has(change ?? '') ? 1 : 0));
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}
