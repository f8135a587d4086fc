import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Rooms of the house from the ground up; a file imports from its own level or below (DESIGN, "The house"). */
const LEVELS: Readonly<Record<string, number>> = {
  'src/version.ts': 0,
  'src/log.ts': 3,
  'src/log-fields.ts': 3,
  'src/sql': 0,
  'src/migration': 1,
  'src/rules': 2,
  'src/report': 3,
  'src/configuration': 3,
  'src/workspace': 3,
  'src/validation': 3,
  'src/validator.ts': 3,
  'src/fixing': 3,
  'src/engine': 3,
  'src/proof': 3,
  'src/snapshot': 3,
  'src/proof-sources.ts': 4,
  'src/folder-proof.ts': 4,
  'src/validate-project.ts': 4,
  'src/prove-folder.ts': 4,
  'src/verify-afresh.ts': 4,
  'src/open-shadow.ts': 4,
  'src/read-migrations.ts': 4,
  'src/releases-file.ts': 4,
  'src/commands': 5,
  'src/action': 5,
  'src/program.ts': 6,
  'src/library': 6,
  'src/tune-parser.ts': 0,
  'src/chamber.ts': 7,
  'src/cli.ts': 7,
  'src/action.ts': 7,
  'src/index.ts': 7,
};
const DOORS = ['src/chamber.ts', 'src/cli.ts', 'src/action.ts', 'src/index.ts'];
const PURE = /^src\/(?:sql|migration|rules)\//;
/** Modules of Node that touch nothing outside the process. */
const HARMLESS = new Set(['node:crypto', 'node:util', 'node:path', 'node:path/posix', 'node:buffer']);

const texts = new Map<string, string>();
const files = [...sources('src'), ...sources('bot')];
const imports = files.flatMap((file) => importsOf(file).map((target) => ({ file, target })));

describe('the house', () => {
  it('has a level for every file', () => {
    expect(files.filter((file) => levelOf(file) === undefined)).toEqual([]);
  });

  it('imports only from the same level or below', () => {
    const wrong = imports.filter(
      ({ file, target }) => target.startsWith('src/') && (levelOf(target) ?? 99) > (levelOf(file) ?? 99),
    );
    expect(wrong).toEqual([]);
  });

  it('has commands that do not import each other', () => {
    const shared = new Set([
      'src/commands/command.ts',
      'src/commands/project.ts',
      'src/commands/npm-flags.ts',
      'src/commands/outcome.ts',
      'src/commands/proving.ts',
      'src/commands/database.ts',
      'src/commands/database-flags.ts',
      'src/commands/dry-run.ts',
      'src/commands/ends.ts',
      'src/commands/error-log.ts',
      'src/commands/engine-result.ts',
      'src/commands/may-run.ts',
      'src/commands/observe.ts',
      'src/commands/numbers.ts',
      'src/commands/progress.ts',
      'src/commands/alert.ts',
      'src/commands/approval.ts',
      'src/commands/targets.ts',
      'src/commands/under-lease.ts',
      'src/commands/run-adopt.ts',
      'src/commands/run-approve.ts',
      'src/commands/run-release.ts',
      'src/commands/run-up.ts',
      'src/commands/run-down.ts',
      'src/commands/run-unlock.ts',
      'src/commands/run-repair.ts',
      'src/commands/run-baseline.ts',
      'src/commands/run-health.ts',
      'src/commands/run-analyze.ts',
      'src/commands/run-verify.ts',
      'src/commands/run-plan.ts',
      'src/commands/run-status.ts',
    ]);
    const wrong = imports.filter(
      ({ file, target }) =>
        file.startsWith('src/commands/') &&
        target.startsWith('src/commands/') &&
        !shared.has(target) &&
        file !== 'src/commands/list.ts',
    );
    expect(wrong).toEqual([]);
  });

  it('has rules that do not import each other', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        /^src\/rules\/[^/]+\.ts$/.test(file) &&
        !['src/rules/registry.ts', 'src/rules/examples.ts'].includes(file) &&
        /^src\/rules\/[^/]+\.ts$/.test(target) &&
        target !== 'src/rules/rule.ts',
    );
    expect(wrong).toEqual([]);
  });

  it('keeps sql, migration and rules pure', () => {
    const wrong = imports.filter(
      ({ file, target }) => PURE.test(file) && target.startsWith('node:') && !HARMLESS.has(target),
    );
    const impure = files.filter(
      (file) =>
        PURE.test(file) && /\b(?:Date\.now|Math\.random|performance\.now|process\.|fetch\()/.test(code(file)),
    );
    expect([...wrong, ...impure]).toEqual([]);
  });

  it('reaches the parsers from sql only', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        /^(?:libpg-query|node-sql-parser|@pgsql)/.test(target) && !file.startsWith('src/sql/'),
    );
    expect(wrong).toEqual([]);
  });

  it('uses process.exit and process.env in the doors only', () => {
    const wrong = files.filter(
      (file) => !DOORS.includes(file) && /\bprocess\.(?:exit|env)\b/.test(code(file)),
    );
    expect(wrong).toEqual([]);
  });

  it('has no file of more than 400 lines but data', () => {
    const long = files.filter(
      (file) =>
        !/registry\.ts$|rules\/examples\.ts$|builtin-functions\.ts$/.test(file) &&
        code(file).split('\n').length > 401,
    );
    expect(long).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

function levelOf(file: string): number | undefined {
  return LEVELS[file] ?? LEVELS[file.split('/').slice(0, 2).join('/')];
}

function importsOf(file: string): string[] {
  const found = [
    ...code(file).matchAll(
      /\b(?:import|export)\b[^'";]*?from\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import\s+'([^']+)'/gm,
    ),
  ];
  return found.map(([, from, dynamic, bare]) => {
    const target = from ?? dynamic ?? bare ?? '';
    return target.startsWith('.')
      ? relative(ROOT, resolve(ROOT, dirname(file), target)).replaceAll('\\', '/')
      : target;
  });
}

function code(file: string): string {
  const text = texts.get(file) ?? readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  texts.set(file, text);
  return text;
}
