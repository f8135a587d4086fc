import { expect, test } from 'vitest';
import type { Result } from '../../src/report/result.ts';
import { told } from './told.ts';

const FILE = 'migrations/1_change.up.sql';

function change(sql: string, more: Readonly<Record<string, string>> = {}): Promise<Result> {
  return told({
    'go.mod': 'module example.com/app\n',
    [FILE]: sql,
    'migrations/1_change.down.sql': 'SELECT 1;\n',
    ...more,
  });
}

const rulesOf = ({ findings }: Result): string[] => findings.map(({ ruleId }) => ruleId).sort();

test('an ignore comment before a statement, inside it or for the file holds its rule back', async () => {
  for (const sql of [
    '-- @ignore drop-table nobody reads it\nDROP TABLE a;\n',
    'DROP TABLE\n-- @ignore drop-table nobody reads it\na;\n',
    'DROP TABLE a;\n-- @ignore-file drop-table nobody reads it\n',
  ]) {
    const result = await change(sql);
    expect(rulesOf(result), sql).not.toContain('drop-table');
    expect(result.ignores.map(({ ruleId, reason }) => [ruleId, reason])).toEqual([
      ['drop-table', 'nobody reads it'],
    ]);
  }
});

test('a comment is for the next statement only', async () => {
  const result = await change('-- @ignore drop-table nobody reads it\nDROP TABLE a;\nDROP TABLE b;\n');
  expect(result.findings.filter(({ ruleId }) => ruleId === 'drop-table').map(({ line }) => line)).toEqual([
    3,
  ]);
});

test('a full stop is no reason', async () => {
  expect(rulesOf(await change('-- @ignore drop-table .\nDROP TABLE a;\n'))).toContain(
    'ignore-without-reason',
  );
});

test('an ignored syntax error leaves word that the statement was not analysed', async () => {
  const result = await change('-- @ignore syntax-error a fork of PostgreSQL reads it\nDORP TABLE a;\n');
  expect(rulesOf(result)).not.toContain('syntax-error');
  expect(result.notAnalysed).toEqual([
    {
      file: FILE,
      line: 2,
      reason: 'the parser cannot read this statement, and its syntax error is ignored',
    },
  ]);
});

test('what no comment may silence speaks, and the comment is told so', async () => {
  const result = await change(
    '-- @ignore system-tables it must be\nDELETE FROM _migration_history WHERE true;\n',
  );
  expect(rulesOf(result)).toEqual(expect.arrayContaining(['system-tables', 'unused-suppression']));
  expect(result.findings.find(({ ruleId }) => ruleId === 'unused-suppression')?.message).toBe(
    'No comment can ignore "system-tables", so this one does nothing.',
  );
  expect(result.ignores).toEqual([]);
});

test('what is said of a whole migration silences nothing that is said of its first statement', async () => {
  const result = await told(
    {
      'go.mod': 'module example.com/app\n',
      'migrations/1_a.up.sql': 'CREATE TABLE a (id bigint PRIMARY KEY, b text);\n',
      'migrations/1_a.down.sql': 'DROP TABLE a;\n',
      'migrations/2_b.up.sql': "UPDATE a SET b = 'x';\n",
    },
    'migrations/2_b.up.sql',
  );
  expect(rulesOf(result)).toEqual(expect.arrayContaining(['missing-down', 'update-without-where']));
});

test('thousands of ignore comments take time in proportion', async () => {
  const pairs = (count: number): string =>
    Array.from({ length: count }, (_, at) => `-- @ignore drop-table gone ${at}\nDROP TABLE t${at};\n`).join(
      '',
    );
  const result = await change(pairs(8_000));
  expect(result.ignores).toHaveLength(8_000);
  expect(rulesOf(result)).not.toContain('drop-table');
});
