import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/report/cells.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { inShort, wrap } from '../../src/report/wrap.ts';
import { SourceFile } from '../../src/sql/source.ts';
import { hostile } from './hostile.ts';
import { clean, findingAbout, result, source } from './sample.ts';

const plain = { colour: false, width: 80, source } as const;

const NO_NUMBERS = {
  ...{ restores: 0, differs: 0, failsOnRows: 0, upFails: 0, downFails: 0, empty: 0, missing: 0 },
  ...{ losesData: 0, notProven: 0, told: [] },
};

describe('text output', () => {
  it('shows place, code with carets, reason, advice and help of a finding', () => {
    const file = new SourceFile('db/1_a.sql', '-- UP\n\tDROP TABLE "総額";\n-- DOWN\n');
    const text = renderTerminal(
      clean({
        reasonCode: 'findings',
        findings: [
          findingAbout(file, '"総額"', { ruleId: 'drop-table', message: 'Table "総額" is dropped.' }),
        ],
      }),
      { colour: false, width: 80, source: () => file },
    );
    expect(text).toBe(`db/1_a.sql  1 error

  error drop-table  db/1_a.sql:2:13
  Table "総額" is dropped.

    1 │ -- UP
  > 2 │     DROP TABLE "総額";
      │                ^^^^^^
    3 │ -- DOWN

  why:     It hurts.
  instead: Write something else.
  help:    https://airlock.example/rules/drop-table

1 error in 1 of 2 migrations · 5 statements · layout airlock (files start with -- @metadata)
`);
  });

  it('explains each rule once where a whole history is told, and keeps advice that is another', () => {
    const file = new SourceFile('db/1_a.sql', 'DROP TABLE a;\nDROP TABLE b;\nDROP TABLE c;\n');
    const about = (name: string, fix: string) =>
      findingAbout(file, `TABLE ${name}`, {
        ruleId: 'drop-table',
        message: `Table ${name} is dropped.`,
        fix,
      });
    const findings = [about('a', 'Wait.'), about('b', 'Wait.'), about('c', 'Ask first: SELECT 1;')];
    const summary = { ...NO_NUMBERS, migrations: 1 };
    const text = renderTerminal(clean({ reasonCode: 'findings', findings, summary }), {
      ...plain,
      source: () => file,
    });
    expect(text.split('the whole history')[0]).toBe(`db/1_a.sql  3 errors

  error drop-table  db/1_a.sql:1:6
  Table a is dropped.

  > 1 │ DROP TABLE a;
      │      ^^^^^^^
    2 │ DROP TABLE b;

  why:     It hurts.
  instead: Wait.
  help:    https://airlock.example/rules/drop-table

  error drop-table  db/1_a.sql:2:6
  Table b is dropped.

  error drop-table  db/1_a.sql:3:6
  Table c is dropped.
  instead: Ask first: SELECT 1;

`);
    const change = renderTerminal(clean({ reasonCode: 'findings', findings }), {
      ...plain,
      source: () => file,
    });
    expect(change.match(/help: /g)).toHaveLength(3);
  });

  it('goes by file, then line, and ends with the summary', () => {
    const text = renderTerminal(result, plain);
    const places = [...text.matchAll(/^ {2}(?:error|warning|info) \S+\s+(\S+)$/gm)].map((match) => match[1]);
    expect(places).toEqual([
      'db/migrations/20261104101500_order_lookup.sql:6:1',
      'db/migrations/20261104101500_order_lookup.sql:8:1',
      'db/migrations/20261104101500_order_lookup.sql:12:31',
      'db/migrations/20261104101500_order_lookup.sql:14:1',
      'db/migrations/20261104112000_drop_legacy_totals.sql:2:33',
      'db/migrations/20261104112000_drop_legacy_totals.sql:2:39',
      'db/migrations/20261104112000_drop_legacy_totals.sql:3:72',
      'db/migrations/20261104120000_customer_notes.sql:2:14',
    ]);
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      '5 errors, 1 warning, 2 info in 3 of 4 migrations · 11 statements · against 37 earlier migrations · 1 not analysed · layout airlock (files start with -- @metadata)',
    );
  });

  it('lists ignores in force, what was refuted, what was not analysed, and the next command', () => {
    const text = renderTerminal(result, plain);
    expect(text).toContain('ignores in force\n');
    expect(text).toContain('set by the pooler for this role (holds back 1 finding)');
    expect(text).toContain('not analysed\n');
    expect(text).toContain('a migration written in TypeScript is not read');
    expect(text).toContain('widening varchar(20) to varchar(32) changes the catalog only');
    expect(text).toContain('next: npx airlock validate --fix db/migrations\n');
  });

  it('fits a narrow terminal', () => {
    const text = renderTerminal(result, { ...plain, width: 40 });
    const code = text.split('\n').filter((line) => line.includes('│'));
    expect(code.length).toBeGreaterThan(15);
    for (const line of code) expect(displayWidth(line), line).toBeLessThanOrEqual(40);
    const words = text.split('\n').filter((line) => !/sql|ts:|https|·|^next:/.test(line));
    for (const line of words) expect(displayWidth(line), line).toBeLessThanOrEqual(40);
  });

  it('is coloured only when told', () => {
    expect(renderTerminal(result, plain)).not.toContain('\u001b');
    const coloured = renderTerminal(result, { ...plain, colour: true });
    expect(coloured).toContain('\u001b[1;31merror');
    expect(stripVTControlCharacters(coloured).replaceAll(' ', '')).toBe(
      renderTerminal(result, plain).replaceAll(' ', ''),
    );
  });

  it('says that all is well, and is silent only where nothing was looked at', () => {
    expect(renderTerminal(clean(), plain)).toBe(
      'no problems found in 2 migrations · 5 statements · layout airlock (files start with -- @metadata)\n',
    );
    const nothing = clean({ reasonCode: 'nothing-to-do', checked: undefined, layout: undefined });
    expect(renderTerminal(nothing, plain)).toBe('');
    expect(
      renderTerminal({ ...nothing, notAnalysed: [{ file: 'a.ts', line: 1, reason: 'TypeScript' }] }, plain),
    ).toContain('a.ts:1');
  });

  it('tells what went wrong where there are no findings', () => {
    const failed = clean({
      reasonCode: 'folder-missing',
      message: 'There is no folder db/migrations.',
      next: 'airlock init',
      checked: undefined,
    });
    expect(renderTerminal(failed, plain)).toBe(
      'error: There is no folder db/migrations.\nnext: airlock init\n',
    );
  });

  it('sends nothing hostile to the terminal or the Actions log, wherever it stands', () => {
    for (const text of hostile) {
      const file = new SourceFile(text, text);
      const hurt = findingAbout(file, text, {
        ruleId: text,
        message: text,
        why: text,
        fix: text,
        helpUrl: text,
        line: 1,
        column: 1,
      });
      const output = renderTerminal(
        clean({
          reasonCode: 'findings',
          message: text,
          next: text,
          layout: { id: text, why: text, directory: text },
          findings: [hurt, { ...hurt, endLine: 99 }],
          refuted: [{ ...hurt, because: text }],
          ignores: [{ ruleId: text, file: text, line: 1, reason: text, suppressed: 2 }],
          notAnalysed: [{ file: text, line: 1, reason: text }],
        }),
        { colour: false, width: 70, source: () => file },
      );
      expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(output).not.toMatch(/^\s*::/m);
      expect(output).not.toContain('##[');
    }
  });
});

describe('words', () => {
  it('are wrapped by the columns they take', () => {
    expect(wrap('aa bb cc', 5)).toEqual(['aa bb', 'cc']);
    expect(wrap('総額 総額', 8)).toEqual(['総額', '総額']);
    expect(wrap('a\nb', 8)).toEqual(['a', 'b']);
  });

  it('are cut after a sentence', () => {
    expect(inShort('One thing. Another thing. A third thing.', 28)).toBe('One thing. Another thing.');
    expect(inShort('Since PG 9.6 this is so. And then', 26)).toBe('Since PG 9.6 this is so.');
    expect(inShort('A sentence longer than that is whole. Another.', 12)).toBe(
      'A sentence longer than that is whole.',
    );
    expect(inShort('short', 12)).toBe('short');
  });
});
