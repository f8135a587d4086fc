import { wrongDirectives } from '../directives.ts';
import { type Journal, readJournal } from '../drizzle-journal.ts';
import { duplicateIds } from '../duplicates.ts';
import { fitByName, sample, sqlPaths, topLevelSql } from '../fit.ts';
import { openFiles } from '../folder-files.ts';
import { naturalKey, numericKey } from '../ids.ts';
import type { Layout, LayoutFolder, LayoutReading } from '../layout.ts';
import type { Migration, ReadingProblem } from '../migration.ts';
import { inOrder } from '../ordering.ts';
import { firstLine, scan, wholeSection } from '../sections.ts';

const JOURNAL = 'meta/_journal.json';
const NAME = /^([^/]+)\.sql$/;
/** Drizzle 1.0: a folder a migration, with a snapshot beside the SQL, and no journal. */
const FOLDER = /^([^/]+)\/migration\.sql$/;

/** https://orm.drizzle.team/docs/drizzle-kit-generate: all pending migrations run in one transaction. */
export const drizzle: Layout = {
  id: 'drizzle',
  title: 'Drizzle',
  pattern: '<NNNN>_<name>.sql, in the order of meta/_journal.json',
  downs: 'none',
  nativeTransaction: 'all-in-one',
  fit(folder) {
    if (folder.paths.includes(JOURNAL)) return { score: 0.99, why: `${JOURNAL} gives the order` };
    if (folder.paths.some((path) => /^[^/]+\/snapshot\.json$/.test(path))) {
      return fitByName(sqlPaths(folder), FOLDER, 1, '<name>/migration.sql with a snapshot.json');
    }
    const file = sample(folder, topLevelSql(folder)).find(({ text }) =>
      text.includes('--> statement-breakpoint'),
    );
    return file
      ? { score: 0.92, why: `${file.path} holds --> statement-breakpoint` }
      : { score: 0, why: `no ${JOURNAL}` };
  },
  read(folder) {
    const inFolders = !folder.paths.includes(JOURNAL) && folder.paths.some((path) => FOLDER.test(path));
    return inFolders ? readFolders(folder) : readJournaled(folder);
  },
};

function readFolders(folder: LayoutFolder): LayoutReading {
  const { files, unread } = openFiles(folder, FOLDER, 'Drizzle');
  const found = files.map(({ file, parts: [, tag = ''] }) => fromFile(file, tag, naturalKey(tag)));
  return {
    migrations: inOrder(found.map(({ migration }) => migration)),
    problems: found.flatMap(({ problems }) => problems),
    unread,
  };
}

function readJournaled(folder: LayoutFolder): LayoutReading {
  const { files, unread } = openFiles(folder, NAME, 'Drizzle');
  const journal = readJournal(folder, JOURNAL);
  const found = files.map(({ file, parts: [, tag = ''] }) => fromFile(file, tag, sortKey(journal, tag)));
  const migrations = inOrder(found.map(({ migration }) => migration));
  return {
    migrations,
    problems: [
      ...found.flatMap(({ problems }) => problems),
      ...journal.problems,
      ...journalGaps(journal, migrations),
      ...duplicateIds(migrations),
    ],
    unread: [...unread, ...journal.unread],
  };
}

/** What the journal does not name comes last: Drizzle would not run it at all. */
function sortKey(journal: Journal, tag: string): string {
  const place = journal.places.get(tag);
  return place === undefined ? `~${naturalKey(tag)}` : numericKey(String(place));
}

function journalGaps(journal: Journal, migrations: readonly Migration[]): ReadingProblem[] {
  if (journal.state === 'read') {
    return migrations
      .filter(({ id }) => !journal.places.has(id))
      .map((migration) => ({
        ...at(migration),
        message: `${JOURNAL} does not name ${migration.id}: Drizzle never runs it`,
        fix: 'Make it with "drizzle-kit generate --custom", which adds it to the journal, or remove it.',
      }));
  }
  const [first] = migrations;
  if (journal.state === 'broken' || first === undefined) return [];
  const message = `${JOURNAL} is missing: Drizzle has nothing to go by, and file names were taken for the order`;
  return [{ ...at(first), message, fix: 'Commit the meta folder, too.' }];
}

function at(migration: Migration) {
  const { file } = migration.up;
  return { ruleId: 'order-file', file, span: firstLine(file), migrationId: migration.id };
}

function fromFile(
  file: Migration['up']['file'],
  tag: string,
  key: string,
): { readonly migration: Migration; readonly problems: readonly ReadingProblem[] } {
  const scanned = scan(file);
  const name = tag.replace(/^\d+_?/, '') || tag;
  return {
    migration: {
      id: tag,
      sortKey: key,
      name,
      layout: 'drizzle',
      up: wholeSection(scanned, false),
      repeatable: false,
    },
    problems: wrongDirectives(file, scanned.directives, 'foreign'),
  };
}
