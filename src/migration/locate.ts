/** A folder that looks as if it held migrations. */
export interface ProposedFolder {
  /** Relative to the repository root; empty for the root itself. */
  readonly directory: string;
  /** SQL files in it that look like migrations. */
  readonly files: number;
  readonly why: string;
  /** False for folders of tests, examples and other databases, and for a stray file with a number in its name. */
  readonly likely: boolean;
}

const USUAL_PLACES: readonly RegExp[] = [
  /(?:^|\/)supabase\/migrations$/,
  /(?:^|\/)prisma\/migrations$/,
  /(?:^|\/)db\/migrations?$/,
  /(?:^|\/)db\/migrate$/,
  /(?:^|\/)src\/main\/resources\/db\/migration$/,
  /(?:^|\/)hasura\/migrations(?:\/[^/]+)?$/,
  /(?:^|\/)(?:database|sql|schema)\/migrations?$/,
  /(?:^|\/)drizzle(?:\/migrations)?$/,
  /(?:^|\/)migrations?$/,
  /(?:^|\/)migrations?\/(?:postgres|postgresql|pg|psql)$/,
];
const OTHER_DATABASE =
  /(?:^|[/_-])(?:mysql|mariadb|sqlite3?|mssql|sqlserver|oracle|clickhouse|cockroach(?:db)?|cassandra|spanner|ydb)(?:[/_-]|$)/i;
const POSTGRES = /(?:^|[/_-])(?:postgres|postgresql|pg|psql)(?:[/_-]|$)/i;
const NOT_THE_APPLICATIONS =
  /(?:^|\/)(?:node_modules|vendor|third_party|testdata|tests?|__tests__|spec|fixtures?|examples?|docs?|dist|build|target)(?:\/|$)/i;

/** Files of one migration that stand in a folder of their own: the migrations folder is the one above. */
const IN_OWN_FOLDER = /^(.*?)(?:^|\/)([^/]+)\/(?:up|down|migration)\.sql$/;
const VERSIONED_FILE = /^(?:\d+[_-].*|\d+|[VU]\d+(?:[._]\d+)*__.*|R__.*)\.sql$/;

/** Proposes the folders that hold migrations, the likeliest first, from the paths of all files of a repository. */
export function locateMigrations(paths: readonly string[]): ProposedFolder[] {
  const marks = markedFolders(paths);
  const counts = new Map<string, { looks: number; sql: number }>();
  for (const path of paths) {
    if (!path.endsWith('.sql')) continue;
    const { directory, looks } = homeOf(path, marks);
    const count = counts.get(directory) ?? { looks: 0, sql: 0 };
    count.sql++;
    if (looks) count.looks++;
    counts.set(directory, count);
  }
  const proposals = [...counts].flatMap(([directory, { looks, sql }]) => {
    const place = USUAL_PLACES.findIndex((usual) => usual.test(directory));
    const mark = marks.get(directory);
    if (mark === undefined && place === -1 && looks * 2 < sql) return [];
    if (looks === 0 && mark === undefined) return [];
    return [
      {
        directory,
        files: looks,
        why: reason(directory, looks, mark, place !== -1),
        rank: rank(directory, looks, mark, place),
        likely:
          (mark !== undefined || place !== -1 || looks >= 3) &&
          !OTHER_DATABASE.test(directory) &&
          !NOT_THE_APPLICATIONS.test(directory),
      },
    ];
  });
  return proposals
    .sort(
      (left, right) =>
        right.rank - left.rank || right.files - left.files || (left.directory < right.directory ? -1 : 1),
    )
    .map(({ directory, files, why, likely }) => ({ directory, files, why, likely }));
}

/** Folders with a file that only a migrations folder has. */
function markedFolders(paths: readonly string[]): Map<string, string> {
  const marks = new Map<string, string>();
  for (const path of paths) {
    const [, directory, mark] =
      /^(?:(.*)\/)?(sqitch\.plan|migration_lock\.toml|meta\/_journal\.json|committed\/\d{6}(?:-[^/]+)?\.sql)$/.exec(
        path,
      ) ?? [];
    if (mark !== undefined && !marks.has(directory ?? '')) marks.set(directory ?? '', mark);
  }
  return marks;
}

/** The migrations folder that a file would belong to, and whether its name is that of a migration. */
function homeOf(
  path: string,
  marks: ReadonlyMap<string, string>,
): { readonly directory: string; readonly looks: boolean } {
  const marked = /^(?:(.*)\/)?(?:reworked\/)?(?:deploy|revert|verify|committed|current)\/.+$/.exec(path);
  if (marked && marks.has(marked[1] ?? '')) return { directory: marked[1] ?? '', looks: true };
  const [, above, own] = IN_OWN_FOLDER.exec(path) ?? [];
  if (above !== undefined && own !== undefined) return { directory: above, looks: /^\d/.test(own) };
  const cut = path.lastIndexOf('/');
  const directory = cut === -1 ? '' : path.slice(0, cut);
  const looks = VERSIONED_FILE.test(path.slice(cut + 1));
  const flyway = /^(.*?(?:^|\/)db\/migration)\/.+$/.exec(path)?.[1];
  if (flyway !== undefined && /\/[VUR][^/]*__[^/]*$/.test(path)) return { directory: flyway, looks };
  // 12/03_name.sql and v1.2/name.sql: the folder above holds them all.
  const numbered = /^(?:(.*)\/)?(?:\d+|v\d+(?:\.\d+)*)$/.exec(directory);
  if (numbered) return { directory: numbered[1] ?? '', looks: true };
  return { directory, looks: looks || marks.has(directory) };
}

function rank(directory: string, looks: number, mark: string | undefined, place: number): number {
  let points = Math.min(looks, 20) / 20;
  if (mark !== undefined) points += 3;
  if (place !== -1) points += 2;
  if (POSTGRES.test(directory)) points += 1;
  if (OTHER_DATABASE.test(directory)) points -= 3;
  if (NOT_THE_APPLICATIONS.test(directory)) points -= 4;
  return points;
}

function reason(directory: string, looks: number, mark: string | undefined, usual: boolean): string {
  const count = looks === 1 ? '1 file is named like a migration' : `${looks} files are named like migrations`;
  if (mark !== undefined) return `it has ${mark}, and ${count}`;
  return usual ? `${directory} is a usual place, and ${count}` : count;
}
