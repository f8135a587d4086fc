import { findDirectives } from '../../src/migration/directives.ts';
import type { Layout, LayoutFolder, LayoutReading } from '../../src/migration/layout.ts';
import { layouts } from '../../src/migration/layouts/registry.ts';
import { filesOf, type Migration, type Section } from '../../src/migration/migration.ts';
import { registry } from '../../src/rules/registry.ts';
import type { RuleExample, Target } from '../../src/rules/rule.ts';
import { SourceFile } from '../../src/sql/source.ts';
import type { Raised } from '../../src/validation/raised.ts';
import type { ValidationSettings } from '../../src/validation/settings.ts';
import { type Validation, validate } from '../../src/validator.ts';

/** Examples are judged as files of a layout whose own tool wraps each file in a transaction. */
const LAYOUT: Layout = {
  id: 'airlock',
  title: 'Airlock',
  pattern: '',
  optOut: '-- @no-transaction',
  downs: 'section',
  nativeTransaction: 'wrapped',
  fit: () => ({ score: 0, why: '' }),
  read: () => ({ migrations: [], problems: [], unread: [] }),
};

/** Validates one documented example the way a pull request would be, with only the given rule on. */
export async function checkExample(ruleId: string, example: RuleExample): Promise<readonly Raised[]> {
  if (example.folder) return checkFolder(ruleId, example, example.folder);
  return (await validateExample(ruleId, example)).validation.raised;
}

/** The same, with all that a proof of it needs. */
export async function validateExample(
  ruleId: string,
  example: RuleExample,
): Promise<{ readonly validation: Validation; readonly settings: ValidationSettings }> {
  const history = (example.history ?? []).map((sql, index) => plain(`00${index + 1}`, sql));
  const reading = example.file === undefined ? undefined : await readFile(example.file);
  const own: readonly Migration[] = reading ? reading.migrations : [plain('100', example.sql, example)];
  const then = (example.then ?? []).map((sql, index) => plain(`10${index + 1}`, sql));
  const migrations = [...history, ...own, ...then];
  const edited = new Set((example.git?.edited ?? []).map((index) => migrations[index]?.up.file.path ?? ''));
  const changedIds = new Set([...own, ...then].map(({ id }) => id));
  const settings = settingsFor(ruleId, example);
  const validation = await validate({
    layout: LAYOUT,
    reading: { migrations, problems: reading?.problems ?? [], unread: reading?.unread ?? [] },
    isChanged: (migration) => changedIds.has(migration.id) || edited.has(migration.up.file.path),
    changeIsOne: true,
    rules: registry,
    settings,
    ...(example.git
      ? { git: { edited, added: new Set([...own, ...then].map(({ up }) => up.file.path)), removed: [] } }
      : {}),
  });
  return { validation, settings };
}

/** Only the given rule is on, unless it judges what others said. */
function settingsFor(ruleId: string, example: RuleExample): ValidationSettings {
  const rule = registry.get(ruleId);
  const others = rule?.firedBy === 'suppressions' ? [] : [...registry.keys()].filter((id) => id !== ruleId);
  return {
    runner: example.runner ?? 'airlock',
    lockTimeout: 5000,
    dialect: 'postgres',
    rules: {
      ...Object.fromEntries(others.map((id) => [id, { severity: 'off' as const }])),
      [ruleId]: { severity: rule?.severity === 'off' ? 'warning' : undefined, options: example.options },
    },
    target: targetOf(example),
    placeholders: {},
  };
}

/** Reads the example's folder with its own layout, as a change that adds or edits some of its files. */
async function checkFolder(
  ruleId: string,
  example: RuleExample,
  given: NonNullable<RuleExample['folder']>,
): Promise<readonly Raised[]> {
  const layout = layouts.get(given.layout);
  if (!layout)
    throw new Error(`Rule ${ruleId} has an example of layout ${given.layout}, which does not exist.`);
  const under = (path: string): string => `migrations/${path}`;
  const folder: LayoutFolder = {
    directory: 'migrations',
    paths: Object.keys(given.files).sort(),
    read: (path) => new SourceFile(under(path), given.files[path] ?? ''),
  };
  const merged = new Set((given.merged ?? []).map(under));
  const edited = new Set((given.edited ?? []).map(under));
  const added = new Set(
    Object.keys(given.files)
      .map(under)
      .filter((path) => !merged.has(path)),
  );
  const result = await validate({
    layout,
    reading: layout.read(folder, {}),
    isChanged: (migration) => filesOf(migration).some((path) => added.has(path) || edited.has(path)),
    changeIsOne: true,
    rules: registry,
    settings: settingsFor(ruleId, example),
    git: { edited, added, removed: (given.removed ?? []).map(under) },
  });
  return result.raised;
}

function plain(id: string, sql: string, example?: RuleExample): Migration {
  const file = new SourceFile(`migrations/${id}_example.sql`, sql);
  const section = (from: SourceFile, optsOut: boolean): Section => ({
    file: from,
    pieces: [{ start: 0, end: from.text.length }],
    directives: findDirectives(from.text),
    optsOut,
  });
  return {
    id,
    sortKey: id,
    name: 'example',
    layout: 'airlock',
    repeatable: false,
    up: section(file, example?.noTransaction ?? false),
    ...(example?.down === undefined
      ? {}
      : {
          down: section(
            new SourceFile(`migrations/${id}_example.down.sql`, example.down),
            example.noTransaction ?? false,
          ),
        }),
    ...(example?.metadata
      ? {
          metadata: {
            author: 'ada',
            description: 'example',
            breakingChange: false,
            estimatedDuration: 10,
            dataVolume: 'medium',
            risk: 'low',
            tags: [],
            ...example.metadata,
          } as Migration['metadata'],
        }
      : {}),
  };
}

async function readFile(text: string): Promise<LayoutReading> {
  const { airlock } = await import('../../src/migration/layouts/airlock.ts');
  const path = '100_example.sql';
  const folder: LayoutFolder = {
    directory: 'migrations',
    paths: [path],
    read: () => new SourceFile(`migrations/${path}`, text),
  };
  return airlock.read(folder, {});
}

function targetOf(example: RuleExample): Target {
  const { tables, ...rest } = example.target ?? {};
  return { ...rest, tables: new Map(Object.entries(tables ?? {})) };
}
