import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding, Result } from '../../src/report/result.ts';
import { fixed, folderOf, TABLE } from './fixed.ts';

const GOLANG = { layout: 'golang-migrate', directory: 'migrations' } as const;
const FLYWAY = { layout: 'flyway', directory: 'sql' } as const;
const INDEX = 'CREATE INDEX idx_orders_note ON orders (note);\n';
const COLUMN = 'ALTER TABLE orders ADD COLUMN total integer;\n';

function read(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function errorAt(file: string): Finding {
  return {
    ruleId: 'made-up',
    severity: 'error',
    stage: 'static',
    file,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 2,
    message: 'Worse than before.',
    why: '',
    fix: '',
    helpUrl: '',
  };
}

describe('fixes of one file are fitted to each other', () => {
  test('an index built concurrently is alone in its file where the file is sent as one', async () => {
    const second = 'migrations/000002_b.up.sql';
    const root = folderOf({ 'migrations/000001_a.up.sql': TABLE, [second]: INDEX });
    const { result, told } = await fixed(root, { ...GOLANG, added: [second] });
    expect(read(root, second)).toBe(INDEX.replace('INDEX', 'INDEX CONCURRENTLY'));
    expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(told).not.toContain('lock_timeout');
  });

  test('a lock_timeout beside other statements holds for this file only, and the text says what it changes', async () => {
    const second = 'migrations/000002_b.up.sql';
    const root = folderOf({ 'migrations/000001_a.up.sql': TABLE, [second]: COLUMN });
    const { told } = await fixed(root, { ...GOLANG, added: [second] });
    expect(read(root, second)).toBe(`SET LOCAL lock_timeout = '2s';\n${COLUMN}`);
    expect(told).toContain('where the lock is not free in time, it fails instead of waiting');
  });

  test('a statement that runs in no transaction gets no other beside it', async () => {
    const second = 'migrations/000002_b.up.sql';
    const root = folderOf({ 'migrations/000001_a.up.sql': TABLE, [second]: 'VACUUM FULL orders;\n' });
    await fixed(root, { ...GOLANG, added: [second] });
    expect(read(root, second)).toBe('VACUUM FULL orders;\n');
  });

  test('Flyway’s opt-out stands beside the file, which is not left with settings only', async () => {
    const second = 'sql/V2__b.sql';
    const text = `SET LOCAL lock_timeout = '2s';\n${INDEX}`;
    const root = folderOf({ 'sql/V1__a.sql': TABLE, [second]: text });
    const { result, told } = await fixed(root, { ...FLYWAY, added: [second] });
    expect(read(root, second)).toBe(INDEX.replace('INDEX', 'INDEX CONCURRENTLY'));
    expect(read(root, `${second}.conf`)).toBe('executeInTransaction=false\n');
    expect(readdirSync(join(root, 'sql'))).toHaveLength(3);
    expect(result.notAnalysed).toEqual([]);
    expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(told).not.toContain('left ');
  });

  test('settings of the file that a concurrent build may need are not taken away', async () => {
    const second = 'sql/V2__b.sql';
    const text = `SET LOCAL statement_timeout = 0;\n${INDEX}`;
    const root = folderOf({ 'sql/V1__a.sql': TABLE, [second]: text });
    const { told } = await fixed(root, { ...FLYWAY, added: [second] });
    expect(read(root, second)).toContain('SET LOCAL statement_timeout = 0;');
    expect(told).toMatch(/^left .*only settings would be left in this file/m);
  });

  test('Flyway’s settings file that is there already keeps its other lines', async () => {
    const second = 'sql/V2__b.sql';
    const root = folderOf({
      'sql/V1__a.sql': TABLE,
      [second]: INDEX,
      [`${second}.conf`]: 'executeInTransaction = true\nplaceholderReplacement=false\n',
    });
    await fixed(root, { ...FLYWAY, added: [second] });
    expect(read(root, `${second}.conf`)).toBe('executeInTransaction=false\nplaceholderReplacement=false\n');
  });

  test.each([
    ['with undo scripts', { 'sql/U1__a.sql': 'DROP TABLE orders;\n' }, true],
    ['without', {}, false],
  ])(
    'an undo script, where Flyway’s folder is one %s, runs outside a transaction, too',
    async (_, more, undo) => {
      const second = 'sql/V2__b.sql';
      const root = folderOf({ 'sql/V1__a.sql': TABLE, ...more, [second]: COLUMN + INDEX });
      await fixed(root, { ...FLYWAY, added: [second] });
      expect(existsSync(join(root, 'sql/V3__add_idx_orders_note.sql.conf'))).toBe(true);
      expect(existsSync(join(root, 'sql/U3__add_idx_orders_note.sql'))).toBe(undo);
      expect(existsSync(join(root, 'sql/U3__add_idx_orders_note.sql.conf'))).toBe(undo);
    },
  );

  test('Diesel’s opt-out is in metadata.toml', async () => {
    const second = 'migrations/2026-01-02-000000_b/up.sql';
    const root = folderOf({ 'migrations/2026-01-01-000000_a/up.sql': TABLE, [second]: INDEX });
    await fixed(root, { layout: 'diesel', directory: 'migrations', added: [second] });
    expect(read(root, 'migrations/2026-01-02-000000_b/metadata.toml')).toBe('run_in_transaction = false\n');
    expect(read(root, second)).toContain('CONCURRENTLY');
  });
});

describe('a fix that brings something worse is taken back', () => {
  const [second, third] = ['sql/V2__b.sql', 'sql/V3__c.sql'];

  test('alone, with what it would bring; the others stay', async () => {
    const root = folderOf({ 'sql/V1__a.sql': TABLE, [second]: INDEX, [third]: COLUMN });
    const spoil = (result: Result, textOf: (path: string) => string): Result => ({
      ...result,
      findings: textOf(second).includes('CONCURRENTLY')
        ? [...result.findings, errorAt(second)]
        : result.findings,
    });
    const { told } = await fixed(root, { ...FLYWAY, added: [second, third] }, spoil);
    expect(read(root, second)).not.toContain('CONCURRENTLY');
    expect(existsSync(join(root, `${second}.conf`))).toBe(false);
    expect(read(root, third)).toContain('lock_timeout');
    expect(told).toMatch(
      /^left {3}sql\/V2__b\.sql:1 Build .*: taken back, because it would bring the error made-up at sql\/V2__b\.sql:1: Worse than before\.$/m,
    );
  });

  test('where no single one is to blame, all of the file are', async () => {
    const root = folderOf({ 'sql/V1__a.sql': TABLE, [second]: COLUMN + INDEX });
    const spoil = (result: Result, textOf: (path: string) => string): Result => ({
      ...result,
      findings: textOf(second) === COLUMN + INDEX ? result.findings : [...result.findings, errorAt(second)],
    });
    await fixed(root, { ...FLYWAY, added: [second] }, spoil);
    expect(read(root, second)).toBe(COLUMN + INDEX);
    expect(readdirSync(join(root, 'sql')).sort()).toEqual(['V1__a.sql', 'V2__b.sql']);
  });

  test('what was wrong before is no reason', async () => {
    const root = folderOf({ 'sql/V1__a.sql': TABLE, [second]: INDEX });
    const spoil = (result: Result): Result => ({
      ...result,
      findings: [...result.findings, errorAt(second)],
    });
    await fixed(root, { ...FLYWAY, added: [second] }, spoil);
    expect(read(root, second)).toContain('CONCURRENTLY');
  });
});
