import { describe, expect, it } from 'vitest';
import { checkAnnotations, workflowCommands } from '../../src/report/annotations.ts';
import { createRedactor } from '../../src/report/redact.ts';
import { render } from '../../src/report/render.ts';
import type { Finding } from '../../src/report/result.ts';
import { SourceFile } from '../../src/sql/source.ts';
import { hostile } from './hostile.ts';
import { clean, findingAbout, findings } from './sample.ts';

const file = new SourceFile('db/a, b:c%.sql', 'DROP TABLE t;\nDROP TABLE u;\n');

function several(severity: Finding['severity'], count: number): Finding[] {
  return Array.from({ length: count }, (_, index) => ({
    ...findingAbout(file, 'TABLE t', { severity }),
    line: index + 1,
    endLine: index + 1,
  }));
}

describe('workflow commands', () => {
  it('name file, lines, columns and rule, escaped as the runner reads them', () => {
    expect(
      workflowCommands([findingAbout(file, 'TABLE t', { message: '100% wrong:\nreally, yes' })]),
    ).toEqual([
      '::error file=db/a%2C b%3Ac%25.sql,line=1,endLine=1,title=some-rule,col=6,endColumn=12::100%25 wrong:%0Areally, yes%0AInstead: Write something else.%0Ahttps://airlock.example/rules/some-rule',
    ]);
  });

  it('leave columns out where the place has several lines', () => {
    const [line] = workflowCommands([findingAbout(file, 'TABLE t;\nDROP')]);
    expect(line).toContain('line=1,endLine=2,title=');
    expect(line).not.toContain('col');
  });

  it('put the worst first', () => {
    expect(workflowCommands(findings).map((line) => line.slice(2, line.indexOf(' ')))).toEqual([
      'error',
      'error',
      'error',
      'error',
      'error',
      'warning',
      'notice',
      'notice',
    ]);
  });

  it('are ten of a level at most, and one notice tells how many were left out', () => {
    const lines = workflowCommands([
      ...several('info', 12),
      ...several('warning', 11),
      ...several('error', 25),
    ]);
    const count = (level: string): number => lines.filter((line) => line.startsWith(`::${level} `)).length;
    expect([count('error'), count('warning'), count('notice')]).toEqual([10, 10, 10]);
    expect(lines.at(-1)).toBe(
      '::notice title=Airlock::19 more findings (15 errors, 1 warning, 3 info) not shown as annotations: GitHub shows ten of a level for one step. The step summary has them.',
    );
    expect(workflowCommands([...several('info', 10), ...several('error', 10)])).toHaveLength(20);
  });

  it('cannot be made to issue others by hostile text', async () => {
    for (const text of hostile) {
      const hurt = findingAbout(new SourceFile(text, text), text, {
        ruleId: text,
        message: text,
        fix: text,
        helpUrl: text,
      });
      const output = await render(
        'github',
        clean({ reasonCode: 'findings', findings: [hurt], layout: { id: text, why: text, directory: text } }),
        { redact: createRedactor() },
      );
      const lines = output.split(/[\n\r\v\f\u0085\u2028\u2029]/).filter((line) => line !== '');
      expect(lines).toHaveLength(2);
      expect(lines[0]).toMatch(/^::error file=[^:]*::/);
      expect(lines[0]).not.toContain('##[');
      expect(lines[1]).toMatch(/^1 error in 1 of 2 migrations/);
      expect(lines[1]).not.toContain('##[');
    }
  });
});

describe('annotations of a check run', () => {
  it('hold level, lines, columns, message, title and details', () => {
    const [annotation] = checkAnnotations([findingAbout(file, 'TABLE t')], () => 'DROP TABLE t;');
    expect(annotation).toEqual({
      path: 'db/a, b:c%.sql',
      start_line: 1,
      end_line: 1,
      start_column: 6,
      end_column: 12,
      annotation_level: 'failure',
      message: 'Something is wrong.\nInstead: Write something else.\nhttps://airlock.example/rules/some-rule',
      title: 'some-rule',
      raw_details: 'DROP TABLE t;\n\nWhy: It hurts.',
    });
  });

  it('have columns on a single line only, and map every severity', () => {
    const all = checkAnnotations([...findings, findingAbout(file, 'TABLE t;\nDROP')]);
    for (const annotation of all) {
      expect('start_column' in annotation).toBe(annotation.start_line === annotation.end_line);
    }
    expect(new Set(all.map((annotation) => annotation.annotation_level))).toEqual(
      new Set(['failure', 'warning', 'notice']),
    );
    expect(all.at(-1)?.annotation_level).toBe('notice');
  });

  it('stay within the limits of the API', () => {
    const long = '総額'.repeat(50_000);
    const [annotation] = checkAnnotations([
      findingAbout(file, 'TABLE t', {
        message: long,
        why: long,
        ruleId: 'x'.repeat(400),
        line: 0,
        column: 0,
        endLine: -1,
        endColumn: 0,
      }),
    ]);
    expect(Buffer.byteLength(annotation?.message ?? '')).toBeLessThanOrEqual(65_536);
    expect(Buffer.byteLength(annotation?.raw_details ?? '')).toBeLessThanOrEqual(65_536);
    expect(annotation?.title).toHaveLength(255);
    expect(annotation).toMatchObject({ start_line: 1, end_line: 1, start_column: 1, end_column: 1 });
  });
});
