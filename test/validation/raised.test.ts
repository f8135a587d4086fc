import { expect, test } from 'vitest';
import type { Fix } from '../../src/rules/rule.ts';
import { SourceFile } from '../../src/sql/source.ts';
import { type Raised, toFinding } from '../../src/validation/raised.ts';

const TEXT = 'CREATE TABLE a (\n  b json,\n  c text,\n  d json\n);\n';
const file = new SourceFile('migrations/001_a.sql', TEXT);
const first = TEXT.indexOf('json');
const second = TEXT.lastIndexOf('json');
const toJsonb = (start: number): Fix['edits'][number] => ({ start, end: start + 4, text: 'jsonb' });

function replacementOf(fix: Fix, of: SourceFile = file): unknown {
  const raised: Raised = {
    ruleId: 'type-json',
    severity: 'warning',
    file: of,
    span: { start: first, end: first + 4 },
    message: 'm',
    why: 'w',
    advice: 'a',
    fix,
  };
  return toFinding(raised).replacement;
}

test('edits near each other become one replacement with what stands between them', () => {
  expect(replacementOf({ title: 't', edits: [toJsonb(second), toJsonb(first)] })).toEqual({
    line: 2,
    column: 5,
    endLine: 4,
    endColumn: 9,
    text: 'jsonb,\n  c text,\n  d jsonb',
    title: 't',
  });
});

test('edits that overlap, lie far apart or need more than this file are no replacement', () => {
  const overlapping = { start: first + 1, end: first + 6, text: 'x' };
  expect(replacementOf({ title: 't', edits: [toJsonb(first), overlapping] })).toBeUndefined();
  const long = `${TEXT.slice(0, first + 4)}${' '.repeat(3000)}${TEXT.slice(first + 4)}`;
  const far = [toJsonb(first), toJsonb(long.lastIndexOf('json'))];
  expect(replacementOf({ title: 't', edits: far }, new SourceFile('a.sql', long))).toBeUndefined();
  expect(replacementOf({ title: 't', edits: [toJsonb(first)], noTransaction: true })).toBeUndefined();
  const more = [{ name: 'more', up: 'SELECT 1;', noTransaction: false }];
  expect(replacementOf({ title: 't', edits: [toJsonb(first)], newMigrations: more })).toBeUndefined();
});
