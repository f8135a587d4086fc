import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { commandsOf } from './blocks.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * What the blocks would say if they were typed now, one after another in one shell. `connectionString`: of a server of
 * which the guide's databases are made.
 */
export async function playBlocks(blocks: readonly string[], connectionString: string): Promise<string[]> {
  const scene = stage(connectionString);
  try {
    const played: string[] = [];
    for (const block of blocks) {
      const parts: string[] = [];
      for (const command of commandsOf(block)) {
        const typed = command.split('\n').map((line, at) => `${at === 0 ? '$' : '>'} ${line}\n`);
        parts.push(`${typed.join('')}${await scene.type(command)}`);
      }
      played.push(parts.join(''));
    }
    return played;
  } finally {
    scene.end();
  }
}

interface Stage {
  type(command: string): Promise<string>;
  end(): void;
}

/** A copy of the shop, and a shell that finds airlock and psql. */
function stage(connectionString: string): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-guide-'));
  const [shop, programs] = [join(folder, 'shop'), join(folder, 'bin')];
  cpSync(join(ROOT, 'examples', 'shop'), shop, { recursive: true });
  mkdirSync(programs);
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const own = Object.entries<string>(scripts)
    .filter(([name]) => /^(?:migrate|db):/.test(name))
    .map(([name, line]) => [name, line.replace('node dist/cli.js', 'airlock')]);
  writeFileSync(
    join(shop, 'package.json'),
    JSON.stringify({ name: 'shop', scripts: Object.fromEntries(own) }),
  );
  mkdirSync(join(shop, 'node_modules'));
  symlinkSync(ROOT, join(shop, 'node_modules', 'pg-airlock'));
  program(join(programs, 'airlock'), `exec "${process.execPath}" "${join(ROOT, 'dist', 'cli.js')}" "$@"`);
  program(
    join(programs, 'psql'),
    `exec "${process.execPath}" "${join(import.meta.dirname, 'psql.ts')}" "$@"`,
  );
  const state = join(folder, 'state');
  writeFileSync(state, '');
  const env = {
    PATH: `${programs}:${process.env['PATH']}`,
    HOME: folder,
    DATABASE_URL: connectionString,
    GITHUB_ACTOR: 'ada',
    GIT_AUTHOR_NAME: 'ada',
    AIRLOCK_SHADOW: 'embedded',
    XDG_CACHE_HOME: join(folder, 'cache'),
    npm_config_update_notifier: 'false',
    npm_config_offline: 'true',
    npm_config_loglevel: 'silent',
    STATE: state,
  };
  return {
    async type(command) {
      // What the shell was told stays told: variables are kept from one command to the next.
      const script = `set -a; . "$STATE"; set +a\n${command}\ncode=$?; declare -p | grep -E '^declare -[-x]+ (TOKEN|DIGEST|APPROVAL_KEY|REQUIRE_APPROVAL|(BILLING|PRODUCTION)_DATABASE_URL)=' > "$STATE"; exit $code`;
      const { out, code } = await bash(script, shop, env);
      if (/&(?: echo .*)?$/.test(command)) await atWork(connectionString);
      const host = new RegExp(`\\b${hostname().replace(/[.*+?^$()|[\]{}\\]/g, '\\$&')}\\b`, 'g');
      const port = new URL(connectionString).port;
      const told = out.replaceAll(folder, '…').replace(host, 'laptop').replaceAll(`:${port}`, ':5432');
      return `${told}${told === '' || told.endsWith('\n') ? '' : '\n'}${code === 0 ? '' : `(exit code ${code})\n`}`;
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What was typed with `&` behind it goes on when it is in the middle of its statement. */
async function atWork(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const asleep = "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    for (let left = 200; left > 0 && (await client.query(asleep)).rowCount === 0; left--) await sleep(50);
  } finally {
    await client.end();
  }
}

function program(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

function bash(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly out: string; readonly code: number | null }> {
  return new Promise((done, fail) => {
    // Both in one pipe, as a terminal shows them: in the order in which they were written.
    const child = spawn('bash', ['-c', `exec 2>&1\n${script}`], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      // What waits for something that does not come fails the page and does not hold it up.
      timeout: 90_000,
    });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('error', fail);
    child.on('close', (code) => done({ out: Buffer.concat(parts).toString('utf8'), code }));
  });
}
