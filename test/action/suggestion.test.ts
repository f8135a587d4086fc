import { describe, expect, it } from 'vitest';
import { suggestionsFor } from '../../src/action/suggestion.ts';
import { createRedactor } from '../../src/report/redact.ts';
import type { Finding } from '../../src/report/result.ts';
import { SourceFile } from '../../src/sql/source.ts';

const path = 'migrations/1_a.sql';

function finding(replacement: Finding['replacement'], ruleId = 'type-json'): Finding {
  return {
    ruleId,
    severity: 'warning',
    stage: 'static',
    file: path,
    line: replacement?.line ?? 1,
    column: 1,
    endLine: replacement?.endLine ?? 1,
    endColumn: 2,
    message: 'json cannot be compared, says @octocat',
    why: '',
    fix: '',
    replacement,
    helpUrl: 'https://example.com/',
  };
}

/** Suggestions for a new file of this text. */
function suggest(text: string, findings: readonly Finding[], patch = added(text)) {
  const source = new SourceFile(path, text);
  return suggestionsFor({
    findings,
    files: [{ path, status: 'added', patch }],
    source: () => source,
    redact: createRedactor(),
  });
}

function added(text: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  return `@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join('\n')}`;
}

const text = 'ALTER TABLE orders\n  ADD COLUMN payload json;\nSELECT 1;\n';
const jsonb = { line: 2, column: 22, endLine: 2, endColumn: 26, text: 'jsonb' };

describe('a suggestion', () => {
  it('replaces the whole line, and mentions nobody', () => {
    const [only, ...rest] = suggest(text, [finding(jsonb)]);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ path, startLine: 2, line: 2 });
    expect(only?.body).toContain('\n```suggestion\n  ADD COLUMN payload jsonb;\n```');
    expect(only?.body).not.toContain('@octocat');
  });

  it('spans the lines that its edit spans', () => {
    const edit = { line: 1, column: 1, endLine: 2, endColumn: 27, text: 'SELECT 2;' };
    expect(suggest(text, [finding(edit)])[0]).toMatchObject({ startLine: 1, line: 2 });
  });

  it('leaves the next line alone when its edit ends at a line feed', () => {
    const edit = { line: 2, column: 1, endLine: 3, endColumn: 1, text: '  ADD COLUMN payload text;\n' };
    const [only] = suggest(text, [finding(edit)]);
    expect(only).toMatchObject({ startLine: 2, line: 2 });
    expect(only?.body).toContain('```suggestion\n  ADD COLUMN payload text;\n```');
  });

  it('keeps its fingerprint when lines are added above, and gets another for another text', () => {
    const [before] = suggest(text, [finding(jsonb)]);
    const [moved] = suggest(`-- note\n${text}`, [finding({ ...jsonb, line: 3, endLine: 3 })]);
    const [other] = suggest(text.replace('payload', 'details'), [finding(jsonb)]);
    expect(moved?.marker).toBe(before?.marker);
    expect(moved?.line).toBe(3);
    expect(other?.marker).not.toBe(before?.marker);
  });

  it('closes no block through backticks in the SQL', () => {
    const ticks = "COMMENT ON TABLE t IS '```';\nSELECT json;\n";
    const edit = {
      line: 1,
      column: 1,
      endLine: 2,
      endColumn: 13,
      text: "COMMENT ON TABLE t IS '```';\nSELECT jsonb;",
    };
    expect(suggest(ticks, [finding(edit)])[0]?.body).toContain('````suggestion\n');
  });

  it.each([
    ['lines that the diff does not show', '@@ -1,1 +3,1 @@\n SELECT 1;'],
    ['lines whose text is another in the diff', added(text.replace('payload', 'other'))],
    ['a file without a patch', ''],
  ])('is not made for %s', (_, patch) => {
    expect(suggest(text, [finding(jsonb)], patch)).toEqual([]);
  });

  it('is not made where it would show a secret or lose a hidden character', () => {
    const secret = "CREATE ROLE a PASSWORD 'hunter22'; SELECT json;\n";
    const edit = { line: 1, column: 43, endLine: 1, endColumn: 47, text: 'jsonb' };
    expect(suggest(secret, [finding(edit)])).toEqual([]);
    const hidden = "SELECT '\u202e', json;\n";
    expect(suggest(hidden, [finding({ ...edit, column: 13, endColumn: 17 })])).toEqual([]);
  });

  it('is made once for lines that two findings want to change', () => {
    expect(suggest(text, [finding(jsonb), finding({ ...jsonb, text: 'text' }, 'another')])).toHaveLength(1);
  });
});
