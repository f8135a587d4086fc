import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';
import { configurationDocs } from '../../scripts/write-configuration-docs.ts';
import { configurationSchema } from '../../src/configuration/schema.ts';
import { SETTINGS } from '../../src/configuration/variables.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('the documentation of the configuration', () => {
  const docs = configurationDocs(read('docs/configuration.md'));

  test.each(Object.entries(docs))(
    '%s is not stale: `node scripts/write-configuration-docs.ts` writes it',
    (path, text) => {
      expect(read(path)).toBe(text);
    },
  );

  test('every key, and every key below it, has its row and says who reads it', () => {
    for (const name of Object.keys(configurationSchema.shape))
      expect(docs['docs/configuration.md']).toContain(`| \`${name}\` |`);
    for (const name of [
      'environments.<name>.maxDuration',
      'alerts.webhook',
      'backup.keep.last',
      'layouts.flyway.prefix',
    ]) {
      expect(docs['docs/configuration.md']).toContain(`| \`${name}\` |`);
    }
    expect(docs['docs/configuration.md']).toMatch(/\| `lockTimeout` \| duration \(s\) \| `5` \|/);
  });

  test('what is in force and what no command uses yet stand apart', () => {
    const page = docs['docs/configuration.md'];
    const block = (name: string) =>
      page.slice(page.indexOf(`<!-- generated: ${name} -->`), page.indexOf(`<!-- end of ${name} -->`));
    for (const name of ['keys', 'variables']) expect(block(name)).not.toMatch(/\| the (?:backups|proof) \|/);
    for (const name of ['later keys', 'later variables']) {
      const [, , ...rows] = block(name).split('\n').slice(1, -1);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toMatch(/\| the (?:backups|proof) \| [^|]+ \|$/);
    }
    expect(block('keys')).toContain('| `failOn` |');
    expect(block('keys')).toContain('| `environments.<name>.requireApproval` |');
    expect(block('later keys')).toContain('| `backup.storage` |');
    expect(block('variables')).toContain('| `AIRLOCK_FAIL_ON` |');
    expect(block('variables')).toContain('| `AIRLOCK_LEASE_TIMEOUT` |');
    expect(block('later variables')).toContain('| `BACKUP_ENCRYPTION_KEY` |');
    expect(page).toContain('The **proof** is');
  });

  test('settings that a variable can give are keys of the file', () => {
    for (const setting of SETTINGS) expect(configurationSchema.shape).toHaveProperty(setting);
  });

  test('the schema for editors is draft 7, closed, and holds no words of our own', () => {
    const schema = JSON.parse(docs['docs/migration.config.schema.json']);
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties.lockTimeout.default).toBe(5);
    expect(docs['docs/migration.config.schema.json']).not.toMatch(/"(usedBy|written|fallback)"/);
  });

  test('an editor accepts what the parser accepts', () => {
    const valid = new Ajv().compile(JSON.parse(docs['docs/migration.config.schema.json']));
    const good = {
      directory: ['db'],
      lockTimeout: '5s',
      targetVersion: 16,
      rules: { a: 'off', b: ['error', { n: 1 }] },
    };
    expect(valid({ ...good, environments: { production: { maxDuration: '5m', requireApproval: 2 } } })).toBe(
      true,
    );
    for (const bad of [
      { failOn: 'x' },
      { lockTimeouts: 1 },
      { environments: { 'a b': {} } },
      { rules: { a: ['fatal'] } },
    ]) {
      expect(valid(bad)).toBe(false);
    }
  });

  test('a page without the place for a table is told so', () => {
    expect(() => configurationDocs('# nothing here')).toThrow('<!-- generated: keys -->');
  });
});
