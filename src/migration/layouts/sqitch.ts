import type { SourceFile } from '../../sql/source.ts';
import { wrongDirectives } from '../directives.ts';
import { duplicateIds } from '../duplicates.ts';
import { fitByName, sqlPaths } from '../fit.ts';
import { type NamedFile, openFiles } from '../folder-files.ts';
import { naturalKey, numericKey } from '../ids.ts';
import type { Layout, LayoutReading } from '../layout.ts';
import type { ReadingProblem } from '../migration.ts';
import { inOrder } from '../ordering.ts';
import { type DirectedFile, pairFiles } from '../pairs.ts';
import { firstLine, scan } from '../sections.ts';
import { type PlannedChange, readPlan } from '../sqitch-plan.ts';

const PLAN = 'sqitch.plan';
/** `reworked` is where `core.reworked_dir` usually points. */
const NAME = /^(?:reworked\/)?(deploy|revert|verify)\/(.+)\.sql$/;
const DIRECTIONS = { deploy: 'up', revert: 'down', verify: 'verify' } as const;

/** https://sqitch.org/docs/manual/sqitchtutorial/: run by psql, so that each file opens its own transaction. */
export const sqitch: Layout = {
  id: 'sqitch',
  title: 'Sqitch',
  pattern: 'deploy/<change>.sql, revert/<change>.sql, verify/<change>.sql, in the order of sqitch.plan',
  optOut: 'no BEGIN and COMMIT in the file',
  downs: 'file',
  nativeTransaction: 'autocommit',
  fit(folder) {
    const fit = fitByName(sqlPaths(folder), NAME, 0.7, 'deploy/<change>.sql');
    if (folder.paths.includes(PLAN)) return { score: 0.99, why: `${PLAN} gives the order` };
    return folder.paths.some((path) => path.startsWith('deploy/')) ? fit : { score: 0, why: `no ${PLAN}` };
  },
  read(folder) {
    const { files, unread } = openFiles(folder, NAME, 'Sqitch');
    const plan = folder.paths.includes(PLAN) ? folder.read(PLAN) : undefined;
    if (plan && 'reason' in plan) return { ...readPlanned(files, undefined), unread: [...unread, plan] };
    return { ...readPlanned(files, plan), unread };
  },
};

function readPlanned(
  files: readonly NamedFile[],
  plan: SourceFile | undefined,
): Omit<LayoutReading, 'unread'> {
  const problems: ReadingProblem[] = [];
  const names = new Map<string, { readonly id: string; readonly sortKey: string }>();
  if (plan) {
    const known = new Set(files.map(({ parts: [, folderName, name] }) => `${folderName}/${name}`));
    const { changes, tags } = readPlan(plan);
    const tagged = taggedFiles(files, tags);
    changes.forEach((change, place) => {
      const name = fileName(change, tags, tagged);
      names.set(name, { id: name, sortKey: numericKey(String(place)) });
      if (!known.has(`deploy/${name}`)) problems.push(missingDeploy(plan, change, name));
    });
  }
  const directed = files.map(({ file, parts: [, folderName, name = ''] }): DirectedFile => {
    const scanned = scan(file);
    problems.push(...wrongDirectives(file, scanned.directives, 'foreign'));
    const planned = names.get(name);
    const direction = DIRECTIONS[folderName === 'revert' || folderName === 'verify' ? folderName : 'deploy'];
    if (plan && !planned && direction === 'up') problems.push(notPlanned(file, name));
    const identity = planned ?? { id: name, sortKey: `~${naturalKey(name)}` };
    return { ...identity, name: name.replace(/@.*$/, ''), direction, scanned, optsOut: false };
  });
  const paired = pairFiles('sqitch', directed);
  const migrations = inOrder(paired.migrations);
  const [first] = migrations;
  if (!plan && first) problems.push(noPlan(first.up.file));
  return { migrations, problems: [...problems, ...paired.problems, ...duplicateIds(migrations)] };
}

/** Places of the tags under which files of a change stand, ascending. */
function taggedFiles(files: readonly NamedFile[], tags: readonly string[]): Map<string, number[]> {
  const places = new Map(tags.map((tag, place) => [tag, place]));
  const tagged = new Map<string, number[]>();
  for (const { parts } of files) {
    const [, change, tag] = parts[1] === 'deploy' ? (/^(.*)@([^@]+)$/.exec(parts[2] ?? '') ?? []) : [];
    const place = tag === undefined ? undefined : places.get(tag);
    if (change === undefined || place === undefined) continue;
    tagged.set(
      change,
      [...(tagged.get(change) ?? []), place].sort((left, right) => left - right),
    );
  }
  return tagged;
}

/** A change that was reworked later keeps its files under the first tag after it that has some. */
function fileName(
  { name, reworked }: PlannedChange,
  tags: readonly string[],
  tagged: ReadonlyMap<string, readonly number[]>,
): string {
  if (reworked === undefined || reworked.from === reworked.to) return name;
  const place = tagged.get(name)?.find((candidate) => candidate >= reworked.from && candidate < reworked.to);
  return `${name}@${tags[place ?? reworked.from]}`;
}

function missingDeploy(plan: SourceFile, { name, span }: PlannedChange, file: string): ReadingProblem {
  const message = `deploy/${file}.sql of the planned change ${name} is missing: Sqitch stops here`;
  return {
    ruleId: 'order-file',
    file: plan,
    span,
    message,
    fix: `Commit the file, or take the line out of ${PLAN} while nothing has deployed it.`,
  };
}

function notPlanned(file: SourceFile, name: string): ReadingProblem {
  const message = `${PLAN} does not name ${name}: Sqitch never runs it`;
  return {
    ruleId: 'order-file',
    file,
    span: firstLine(file),
    message,
    fix: `Add it with "sqitch add ${name}", or remove the file.`,
  };
}

function noPlan(file: SourceFile): ReadingProblem {
  const message = `${PLAN} is missing: Sqitch has nothing to go by, and file names were taken for the order`;
  return { ruleId: 'order-file', file, span: firstLine(file), message, fix: 'Commit the plan, too.' };
}
