import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { environmentVariable, variable } from '../configuration/variables.ts';
import { closest } from '../migration/did-you-mean.ts';
import { writeSnapshot } from '../migration/snapshot-header.ts';
import { plural } from '../report/order.ts';
import { createRedactor, secretsIn } from '../report/redact.ts';
import { visible, visibleLine } from '../report/visible.ts';
import { withoutSecrets } from '../snapshot/without-secrets.ts';
import { CORRECT_IT, type CommandWorld, defineCommand, exitCodes, refuse, text } from './command.ts';
import { type OpenedProject, openProject } from './project.ts';

export const command = defineCommand({
  name: 'snapshot',
  summary: "write a target's schema and table sizes, no data",
  flags: {
    env: {
      schema: text,
      value: '<environment>',
      help: 'the database of <ENVIRONMENT>_DATABASE_URL; without it that of DATABASE_URL',
    },
    url: { schema: text, value: '<address>', help: 'the database at this address' },
    output: {
      schema: text,
      short: 'o',
      value: '<file>',
      help: 'the file to write; one that is there is replaced',
    },
  },
  examples: [
    [
      'airlock snapshot --env production -o db/production.sql',
      'for sizes: and shadow.snapshot: in migration.config.yml',
    ],
    ['airlock prove --changed-since origin/main --snapshot db/production.sql', 'prove a change on it'],
  ],
  async run({ flags: { env, url, output } }, world) {
    if (output === undefined)
      return refuse(
        world,
        ['nothing says which file to write.'],
        'airlock snapshot --env <environment> -o <file>',
      );
    const project = await openProject(world, {});
    if (!project.ok) return refuse(world, project.problems, CORRECT_IT);
    const address = addressOf({ env, url }, project);
    if ('problem' in address) return refuse(world, [address.problem], address.next);
    const redact = createRedactor([address.url, ...secretsIn(project.env)]);
    const taken = await take(address.url, world);
    if ('problem' in taken) {
      refuse(world, [visible(redact(taken.problem))], taken.next);
      return taken.exitCode;
    }
    const file = resolve(world.cwd, output);
    // Functions and foreign servers may have passwords in them.
    const safe = withoutSecrets(taken.text, secretsIn(project.env));
    const problem = write(file, safe);
    if (problem !== undefined) return refuse(world, [`${output} cannot be written: ${problem}.`]);
    const path = relative(project.root, file);
    if (safe !== taken.text)
      world.printError(
        `warning: what looks like a password or a key stands in the schema; it is *** in ${visibleLine(output)}.\n`,
      );
    world.print(
      `${visibleLine(output)}: the schema of ${taken.what} and the sizes of ${plural(taken.tables, 'table')}; ${taken.history}\nnext: write shadow: { snapshot: ${visibleLine(path)} } in migration.config.yml, or airlock prove --changed-since origin/main --snapshot ${visibleLine(path)}\n`,
    );
    return exitCodes.done;
  },
});

/** The database cannot be reached (DESIGN 3.5). */
const UNREACHABLE = 7;

type Taken =
  | { readonly text: string; readonly what: string; readonly tables: number; readonly history: string }
  | { readonly problem: string; readonly next: string; readonly exitCode: number };

/** Loaded here: who asks for help pays for no driver. */
async function take(url: string, world: CommandWorld): Promise<Taken> {
  const [
    { connectPostgres },
    { ConnectionLost, DatabaseError },
    { measure },
    { readApplied },
    pgDump,
    places,
  ] = await Promise.all([
    import('../engine/postgres-connection.ts'),
    import('../engine/connection.ts'),
    import('../snapshot/measure.ts'),
    import('../snapshot/applied.ts'),
    import('../snapshot/pg-dump.ts'),
    import('../proof/local/find-binaries.ts'),
  ]);
  let session: Awaited<ReturnType<typeof connectPostgres>> | undefined;
  try {
    session = await connectPostgres({ url }, { longestRequest: 60_000 });
    // Nothing is written, whatever is asked; and the names of the catalog are the catalog's.
    await session.run('SET default_transaction_read_only = on');
    await session.run('SET search_path = pg_catalog');
    const { major, text: server } = session.server;
    const found = await pgDump.findPgDumps(await places.usualFolders(world.env['PATH']));
    const fitting = pgDump.fitting(found, major);
    if (!fitting) {
      const seen = found.length === 0 ? 'none' : found.map((one) => `${one.major} (${one.path})`).join(', ');
      return {
        problem: `the server is PostgreSQL ${server}, which needs pg_dump ${major} or newer, and on this machine are: ${seen}.`,
        next: `install it (Debian and Ubuntu: apt-get install postgresql-client-${major}; macOS: brew install postgresql@${major})`,
        exitCode: exitCodes.usage,
      };
    }
    const measured = await measure(session, world.now());
    const history = await readApplied(session);
    const dumped = await pgDump.dumpSchema(fitting, url, world.env);
    if (!dumped.ok)
      return {
        problem: dumped.reason,
        next: 'look at what pg_dump says; it needs to read the schema',
        exitCode: exitCodes.usage,
      };
    return {
      text: writeSnapshot({ ...measured, ...(history ? { history } : {}) }, dumped.sql),
      what: `PostgreSQL ${server}`,
      tables: Object.keys(measured.tables).length,
      history: history
        ? `${history.table} says which migrations it holds`
        : 'no migration history that is known was found, so every migration not under review counts as part of it',
    };
  } catch (error) {
    if (!(error instanceof ConnectionLost || error instanceof DatabaseError)) throw error;
    return {
      problem: error.message,
      next: 'look at the address, and whether this machine may reach it',
      exitCode: error instanceof ConnectionLost ? UNREACHABLE : exitCodes.usage,
    };
  } finally {
    await session?.close();
  }
}

type Address = { readonly url: string } | { readonly problem: string; readonly next: string };

function addressOf(
  { env, url }: { env: string | undefined; url: string | undefined },
  { env: variables, configuration: { environments } }: OpenedProject,
): Address {
  if (env !== undefined && url !== undefined)
    return {
      problem: '--env and --url exclude each other.',
      next: 'airlock snapshot --env <environment> -o <file>',
    };
  if (url !== undefined) return { url };
  if (env !== undefined && environments.size > 0 && !environments.has(env)) {
    const near = closest(env, [...environments.keys()]);
    return {
      problem: `there is no environment ${visibleLine(env)}${near === undefined ? '' : `; did you mean ${near}?`}`,
      next: `name one of: ${[...environments.keys()].join(', ')}`,
    };
  }
  const name = env === undefined ? 'DATABASE_URL' : environmentVariable(env, 'DATABASE_URL');
  // What reads a whole schema in one transaction needs a session of its own.
  const direct = env === undefined ? undefined : environments.get(env)?.directUrl;
  const found = (direct === undefined ? undefined : variable(variables, direct)) ?? variable(variables, name);
  if (found !== undefined) return { url: found };
  return {
    problem: `the variable ${visibleLine(name)} is not set.`,
    next: `set ${visibleLine(name)} to the address of the database`,
  };
}

/** Undefined: it was written. */
function write(file: string, snapshot: string): string | undefined {
  try {
    writeFileSync(file, snapshot);
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
}
