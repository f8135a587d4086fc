import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A pg_dump of this machine. */
export interface PgDump {
  readonly path: string;
  readonly major: number;
}

export type Dumped =
  | { readonly ok: true; readonly sql: string }
  | { readonly ok: false; readonly reason: string };

/** Milliseconds to say a version, and to dump a schema of thousands of tables. */
const ASKING = 10_000;
const DUMPING = 600_000;
/** Bytes of a schema. */
const MOST = 64 * 1024 * 1024;

/** The programs in the folders that run, each once; the oldest first. */
export async function findPgDumps(folders: readonly string[]): Promise<PgDump[]> {
  const found = await Promise.all(folders.map((folder) => pgDumpAt(join(folder, 'pg_dump'))));
  const each = new Map(found.flatMap((one) => (one ? [[one.path, one] as const] : [])));
  return [...each.values()].sort((a, b) => a.major - b.major);
}

async function pgDumpAt(written: string): Promise<PgDump | undefined> {
  try {
    const path = await realpath(written);
    // Debian's wrapper takes the version of a cluster of this machine, whatever server is asked.
    if (basename(path) !== 'pg_dump') return undefined;
    const { stdout } = await run(path, ['--version'], { env: {}, timeout: ASKING, cwd: '/' });
    const [, major] = /\(PostgreSQL\) (\d+)/.exec(stdout) ?? [];
    return major === undefined ? undefined : { path, major: Number(major) };
  } catch (error) {
    // Not there, not ours to run, built for another machine: all the same to who looks for one that works.
    if (error instanceof Error && ('code' in error || 'signal' in error)) return undefined;
    throw error;
  }
}

/** The oldest that can read the server: a newer one writes what an older server does not understand. */
export function fitting(found: readonly PgDump[], server: number): PgDump | undefined {
  return found.find(({ major }) => major >= server);
}

/** What a dump of a schema has, and a shadow has not: data, owners, tablespaces, and who replicates it. */
const WITHOUT = [
  '--schema-only',
  '--no-owner',
  '--no-tablespaces',
  '--no-security-labels',
  '--no-publications',
  '--no-subscriptions',
  '--no-password',
  '--encoding=UTF8',
  // Milliseconds: a snapshot waits for no migration that runs.
  '--lock-wait-timeout=10000',
];

/**
 * The schema of a database as SQL, without the lines that differ at each dump.
 *
 * @param url may hold a password, which goes to pg_dump by its environment: other users see command lines
 */
export async function dumpSchema(
  { path }: PgDump,
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Dumped> {
  const { address, password } = forLibpq(url);
  const given = Object.fromEntries(
    ['HOME', 'PGSSLROOTCERT', 'PGSSLCERT', 'PGSSLKEY', 'PGPASSFILE'].map((name) => [name, env[name]]),
  );
  try {
    const { stdout } = await run(path, [...WITHOUT, `--dbname=${address}`], {
      env: { ...given, LC_ALL: 'C', ...(password === undefined ? {} : { PGPASSWORD: password }) },
      timeout: DUMPING,
      maxBuffer: MOST,
      cwd: '/',
    });
    return { ok: true, sql: withoutNoise(stdout) };
  } catch (error) {
    if (!(error instanceof Error && ('code' in error || 'signal' in error))) throw error;
    const said = 'stderr' in error ? String(error.stderr).trim() : '';
    const hidden = password === undefined ? said : said.replaceAll(password, '***');
    return { ok: false, reason: `pg_dump failed: ${hidden || 'it gave no reason'}` };
  }
}

/**
 * Passwords for other servers are data; \restrict and \unrestrict have a random word (app-pgdump of the documentation), the version of pg_dump is nobody's
 * schema, and settings that an older or newer server does not know would fail there.
 */
export function withoutNoise(dump: string): string {
  return dump
    .split('\n')
    .filter((line) => !/^\\(?:un)?restrict\b/.test(line) && !/^-- Dumped (?:from|by) /.test(line))
    .filter((line) => !/^SET (?:transaction_timeout|idle_in_transaction_session_timeout) = 0;$/.test(line))
    .join('\n')
    .replace(/^CREATE USER MAPPING [^;]*?(?:OPTIONS \((?:'(?:[^']|'')*'|[^')])*\))?;\n/gms, '')
    .replace(/\n{3,}/g, '\n\n');
}

/** Parameters of an address that libpq knows (libpq-connect of the documentation); it refuses those of other drivers. */
const KNOWN = new Set(
  `host hostaddr port dbname user connect_timeout options sslmode sslcert sslkey sslrootcert sslcrl
  channel_binding target_session_attrs gssencmode`.split(/\s+/),
);

function forLibpq(written: string): { address: string; password: string | undefined } {
  const url = new URL(written);
  const secret = url.searchParams.get('password') ?? decodeURIComponent(url.password);
  url.password = '';
  const database = url.searchParams.get('database');
  for (const name of [...url.searchParams.keys()]) if (!KNOWN.has(name)) url.searchParams.delete(name);
  // Of other drivers: encrypted, and nobody asks who is there.
  if (url.searchParams.get('sslmode') === 'no-verify') url.searchParams.set('sslmode', 'require');
  if (database !== null) url.searchParams.set('dbname', database);
  return { address: url.href, password: secret === '' ? undefined : secret };
}
