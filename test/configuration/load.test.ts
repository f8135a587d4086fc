import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfiguration, loadTarget, withDotEnv } from '../../src/configuration/load.ts';
import { SETTINGS, settingVariable } from '../../src/configuration/variables.ts';

const known = { rules: [], layouts: ['airlock'] };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'airlock-configuration-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(join(root, name), content);
}

async function refusal(): Promise<string[]> {
  const loaded = await loadConfiguration(root, known);
  return loaded.ok
    ? []
    : loaded.problems.map(({ path, line, column, message }) => `${path}:${line}:${column} ${message}`);
}

describe('the configuration file', () => {
  test('is optional', async () => {
    expect(await loadConfiguration(root, known)).toEqual({ ok: true });
  });

  test.each(['migration.config.yml', 'migration.config.yaml'])('may be called %s', async (name) => {
    write(name, 'failOn: never\n');
    expect(await loadConfiguration(root, known)).toEqual({ ok: true, path: name, file: { failOn: 'never' } });
  });

  test('must not exist twice', async () => {
    write('migration.config.yml', '');
    write('migration.config.yaml', '');
    expect(await refusal()).toEqual([
      'migration.config.yml:1:1 and migration.config.yaml both exist; keep one of them',
    ]);
  });

  test('reports its problems under its own name', async () => {
    write('migration.config.yaml', '\nfailOn: x\n');
    expect(await refusal()).toEqual([
      'migration.config.yaml:2:9 failOn: "x" is not error, warning, info or never',
    ]);
  });

  test('is refused unread when it is a folder, too large or not UTF-8', async () => {
    mkdirSync(join(root, 'migration.config.yml'));
    expect(await refusal()).toEqual(['migration.config.yml:1:1 is not a file']);
    rmSync(join(root, 'migration.config.yml'), { recursive: true });
    write('migration.config.yml', `#${'x'.repeat(1_000_000)}`);
    expect(await refusal()).toEqual(['migration.config.yml:1:1 is larger than 1 MB (1000001 bytes)']);
    write('migration.config.yml', new Uint8Array([0x66, 0xe9, 0x0a]));
    expect(await refusal()).toEqual(['migration.config.yml:1:1 is not UTF-8 text']);
  });
});

describe('a symbolic link', () => {
  const outside = () => {
    const folder = mkdtempSync(join(tmpdir(), 'airlock-outside-'));
    writeFileSync(join(folder, 'secret.yml'), 'topSecret: hunter2\n');
    return join(folder, 'secret.yml');
  };

  test('that leads the configuration out of the repository is not followed', async () => {
    symlinkSync(outside(), join(root, 'migration.config.yml'));
    expect(await refusal()).toEqual([
      'migration.config.yml:1:1 is a symbolic link that leads out of the project; put the file itself there',
    ]);
  });

  test('that leads the sizes out of the repository is not followed, on the way to them neither', async () => {
    symlinkSync(outside(), join(root, 'sizes.json'));
    symlinkSync(join(outside(), '..'), join(root, 'folder'));
    for (const path of ['sizes.json', 'folder/secret.yml']) {
      const loaded = await loadTarget(root, { sizes: path });
      const message = 'is a symbolic link that leads out of the project; put the file itself there';
      expect(loaded).toEqual({ ok: false, problems: [{ path, line: 1, column: 1, message }] });
    }
  });

  test('inside of the repository is followed', async () => {
    write('real.yml', 'failOn: never\n');
    symlinkSync('real.yml', join(root, 'migration.config.yml'));
    expect(await loadConfiguration(root, known)).toMatchObject({ ok: true, file: { failOn: 'never' } });
  });
});

describe('.env', () => {
  test('fills in addresses and keys that are not set and never overrides', async () => {
    write(
      '.env',
      'DATABASE_URL="postgres://from-file/app"\nAPPROVAL_KEY=other # a comment\nAIRLOCK_SHADOW=postgres://s/s\nHOOK_URL=https://h/x\n',
    );
    const result = await withDotEnv(root, { APPROVAL_KEY: 'real', HOME: '/home/ada' });
    expect(result).toEqual({
      env: {
        DATABASE_URL: 'postgres://from-file/app',
        APPROVAL_KEY: 'real',
        AIRLOCK_SHADOW: 'postgres://s/s',
        HOOK_URL: 'https://h/x',
        HOME: '/home/ada',
      },
      ignored: [],
    });
  });

  test('decides nothing: settings in it are ignored, and it is said where they belong', async () => {
    write(
      '.env',
      'DATABASE_URL=postgres://h/d\n\nexport AIRLOCK_FAIL_ON=never\nREQUIRE_APPROVAL=true\nAIRLOCK_LAYOUT=\n',
    );
    const result = await withDotEnv(root, {});
    expect(result).toEqual({
      env: { DATABASE_URL: 'postgres://h/d' },
      ignored: [
        {
          path: '.env',
          line: 3,
          column: 1,
          message:
            'AIRLOCK_FAIL_ON is ignored: .env may hold addresses and keys, not settings; write failOn: in migration.config.yml, or set the variable in the environment',
        },
        {
          path: '.env',
          line: 4,
          column: 1,
          message:
            'REQUIRE_APPROVAL is ignored: .env may hold addresses and keys, not settings; set the variable in the environment',
        },
      ],
    });
  });

  test('hands over no variable of every setting but the address of the shadow database', async () => {
    write('.env', SETTINGS.map((setting) => `${settingVariable(setting)}=x`).join('\n'));
    const result = await withDotEnv(root, {});
    expect('env' in result && Object.keys(result.env)).toEqual(['AIRLOCK_SHADOW']);
    expect('ignored' in result && result.ignored).toHaveLength(SETTINGS.length - 1);
  });

  test('says nothing of a setting that the environment decides, and hands over no other variable', async () => {
    write(
      '.env',
      'AIRLOCK_FAIL_ON=never\nGIT_CONFIG_COUNT=1\nGIT_CONFIG_KEY_0=core.pager\nPATH=.\nPORT=3000\n',
    );
    const env = { AIRLOCK_FAIL_ON: 'info' };
    expect(await withDotEnv(root, env)).toEqual({ env, ignored: [] });
  });

  test('may be missing, and must be a text file', async () => {
    const env = { HOME: '/home/ada' };
    expect(await withDotEnv(root, env)).toEqual({ env, ignored: [] });
    mkdirSync(join(root, '.env'));
    expect(await withDotEnv(root, env)).toEqual({
      problem: { path: '.env', line: 1, column: 1, message: 'is not a file' },
    });
  });
});

describe('the sizes file', () => {
  test('is read where the configuration names it', async () => {
    write('sizes.json', '{ "tables": { "orders": { "rows": 3 } } }');
    expect(await loadTarget(root, { sizes: 'sizes.json', targetVersion: { major: 16 } })).toEqual({
      ok: true,
      target: { major: 16, tables: new Map([['public.orders', { rows: 3 }]]) },
    });
    expect(await loadTarget(root, { targetVersion: { major: 16 } })).toEqual({
      ok: true,
      target: { major: 16, tables: new Map() },
    });
  });

  test('must exist', async () => {
    expect(await loadTarget(root, { sizes: 'nowhere.json' })).toEqual({
      ok: false,
      problems: [
        {
          path: 'nowhere.json',
          line: 1,
          column: 1,
          message: 'does not exist; the configuration names it as sizes',
        },
      ],
    });
  });
});

/** Packages that a fresh process loads to configure itself in `root`. */
function packagesLoaded(): string[] {
  const source = (name: string) =>
    JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../src/configuration', name)).href);
  const script = `
    import { registerHooks } from 'node:module';
    const urls = [];
    registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
    const { loadConfiguration, loadTarget, withDotEnv } = await import(${source('load.ts')});
    const { resolveConfiguration } = await import(${source('resolve.ts')});
    const { env } = await withDotEnv(${JSON.stringify(root)}, {});
    const loaded = await loadConfiguration(${JSON.stringify(root)}, { rules: [], layouts: [] });
    const { configuration } = resolveConfiguration({ flags: { failOn: 'never' }, env, file: loaded.file, layouts: [] });
    await loadTarget(${JSON.stringify(root)}, configuration);
    console.log(JSON.stringify({ failOn: configuration.failOn, urls }));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: join(import.meta.dirname, '../..'),
  });
  const { failOn, urls }: { failOn: string; urls: string[] } = JSON.parse(output);
  expect(failOn).toBe('never');
  const packages = urls
    .map((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set(packages)].sort();
}

describe('start-up', () => {
  test('without a configuration file neither yaml nor zod is loaded', () => {
    write('.env', 'DATABASE_URL=postgres://h/d');
    expect(packagesLoaded()).toEqual([]);
  });

  test('with a configuration file they are', () => {
    write('migration.config.yml', 'failOn: never');
    expect(packagesLoaded()).toEqual(['yaml', 'zod']);
  });
});
