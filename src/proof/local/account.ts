import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BARE_ENVIRONMENT } from './bare-environment.ts';

/** Whom the server runs as; undefined: as whoever runs this process. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

export type AccountFound =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly reason: string };

/** The one without a database of its own comes first: `postgres` may own the machine's real ones. */
const NAMES = ['nobody', 'postgres'];

const run = promisify(execFile);

/**
 * PostgreSQL refuses to run as root (app-initdb of the documentation), and what strangers' SQL runs in should not be
 * root's either.
 *
 * @param postgres path of the program that it has to be able to run
 */
export async function findAccount(postgres: string, isRoot: boolean): Promise<AccountFound> {
  if (!isRoot) return { ok: true, account: undefined };
  const refused: string[] = [];
  for (const name of NAMES) {
    const account = await accountOf(name);
    if (!account) {
      refused.push(`there is no user ${name}`);
      continue;
    }
    const told = await failureOf(postgres, ['--version'], account);
    if (told === undefined) return { ok: true, account };
    refused.push(`user ${name} may not run ${postgres}`);
  }
  return {
    ok: false,
    reason: `PostgreSQL does not run as root, and another user could not be taken: ${refused.join('; ')}`,
  };
}

/** Whether the account can make and remove entries of a folder. */
export async function mayUse(folder: string, account: Account): Promise<boolean> {
  return (await failureOf('/bin/sh', ['-c', 'cd "$1" && [ -w . ]', 'sh', folder], account)) === undefined;
}

async function accountOf(name: string): Promise<Account> {
  const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
  // macOS has nobody as -2, which is no id that a process can be started with.
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}

/** NaN where there is no such user. */
async function idOf(flag: '-u' | '-g', name: string): Promise<number> {
  try {
    return Number((await run('id', [flag, name], { env: BARE_ENVIRONMENT })).stdout);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return Number.NaN;
    throw error;
  }
}

/** Undefined: it ran. */
async function failureOf(
  program: string,
  args: readonly string[],
  account: Account,
): Promise<string | undefined> {
  try {
    await run(program, args, { ...account, env: BARE_ENVIRONMENT, cwd: '/', timeout: 10_000 });
    return undefined;
  } catch (error) {
    if (error instanceof Error && ('code' in error || 'signal' in error)) return error.message;
    throw error;
  }
}
