import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configurationSchema } from '../../src/configuration/schema.ts';
import { type Metadata, metadataSchema } from '../../src/migration/metadata.ts';
import { EXAMPLES, PULL_REQUESTS, readMigrations, SHOP } from './migration-files.ts';
import { pullRequestNames } from './pull-request-names.ts';

/** The object of `-- @metadata { … }`, with the comment marks taken off. */
function metadataOf(folder: string, file: string): unknown {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  const end = lines.indexOf('-- }');
  expect(lines[0], file).toBe('-- @metadata {');
  expect(end, file).toBeGreaterThan(0);
  return JSON.parse(
    `{${lines
      .slice(1, end)
      .map((line) => line.replace(/^--/, ''))
      .join('\n')}}`,
  );
}

test('the metadata of the shop is whole, and its dependencies come before it', () => {
  const seen = new Set<string>();
  for (const { id, file } of readMigrations(SHOP)) {
    const metadata: Metadata = metadataSchema.parse(metadataOf(SHOP, file));
    for (const dependency of metadata.dependencies ?? [])
      expect(seen, `${file} needs ${dependency}`).toContain(dependency);
    seen.add(id);
  }
});

test('the metadata of the pull requests is whole, but for the one about metadata', () => {
  for (const name of pullRequestNames()) {
    const folder = join(PULL_REQUESTS, name, 'migrations');
    for (const { file } of readMigrations(folder)) {
      const { success, error } = metadataSchema.safeParse(metadataOf(folder, file));
      expect(success, `${name}: ${error?.message}`).toBe(name !== 'bad-metadata');
      if (name === 'bad-metadata') expect(error?.issues).toHaveLength(4);
    }
  }
});

test('new files of the pull requests sort after those of the shop, but for the two about order', () => {
  const last = readMigrations(SHOP).at(-1)?.id ?? '';
  for (const name of pullRequestNames()) {
    const [first] = readMigrations(join(PULL_REQUESTS, name, 'migrations'));
    expect((first?.id ?? '') > last, name).toBe(
      name !== 'sorts-before-merged' && name !== 'edited-merged-file',
    );
  }
});

test('the configuration is one that Airlock takes', () => {
  const written: unknown = parse(readFileSync(join(EXAMPLES, 'shop', 'migration.config.yml'), 'utf8'));
  const { success, error } = configurationSchema.safeParse(written);
  expect(success, error?.message).toBe(true);
  expect(Object.keys(configurationSchema.parse(written).environments ?? {})).toEqual([
    'development',
    'staging',
    'production',
  ]);
});

test('the sizes name every table that holds rows, and no other', () => {
  const { tables }: { tables: Record<string, unknown> } = JSON.parse(
    readFileSync(join(EXAMPLES, 'shop', 'sizes.json'), 'utf8'),
  );
  const created = readMigrations(SHOP).flatMap(({ up }) =>
    [...up.matchAll(/^CREATE (?:TABLE|MATERIALIZED VIEW) (\w+)/gm)].map(([, name]) => name),
  );
  // The rows of events are in its partitions.
  expect(Object.keys(tables).toSorted()).toEqual(created.filter((name) => name !== 'events').toSorted());
});
