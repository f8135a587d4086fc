import { describe, expect, it } from 'vitest';
import { displayWidth, toCells } from '../../src/report/cells.ts';
import { frame } from '../../src/report/frame.ts';
import { createRedactor } from '../../src/report/redact.ts';
import { SourceFile } from '../../src/sql/source.ts';

/** The text that stands above the carets. */
function underlined(sql: string, words: string, width = 60): string {
  const source = new SourceFile('a.sql', sql);
  const start = sql.indexOf(words);
  const from = source.position(start);
  const to = source.position(start + words.length);
  const place = { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  const line = frame(source, place, { width, context: 1, lines: 8 }).find((row) => row.marks !== undefined);
  const marks = line?.marks ?? '';
  let column = 0;
  let text = '';
  for (const cell of toCells(line?.text ?? '')) {
    if (column >= marks.indexOf('^') && column < marks.length) text += cell.text;
    column += cell.width;
  }
  return text;
}

describe('carets', () => {
  it('stand under the words after tabs, wide, combining and astral characters', () => {
    expect(underlined('select a, b from t', 'b')).toBe('b');
    expect(underlined('\tselect\tname from t', 'name')).toBe('name');
    expect(underlined("select '総額総額' as x", 'as x')).toBe('as x');
    expect(underlined("select '総額' as x", '総額')).toBe('総額');
    expect(underlined("select '😀😀' as x", 'as x')).toBe('as x');
    expect(underlined("select 'e\u0301a\u0308' as x", 'as x')).toBe('as x');
    expect(underlined("select '\u202e\u001b' as x", 'as x')).toBe('as x');
    expect(underlined('select 1\r\n, two\r\n', 'two')).toBe('two');
  });

  it('stand under the words in the middle and at the ends of very long lines', () => {
    const filler = 'x総\t'.repeat(3_000);
    for (const sql of [
      `${filler}NEEDLE${filler}`,
      `NEEDLE${filler}`,
      `${filler}NEEDLE`,
      `ab NEEDLE ${filler}`,
    ]) {
      const source = new SourceFile('a.sql', sql);
      const column = sql.indexOf('NEEDLE') + 1;
      const place = { line: 1, column, endLine: 1, endColumn: column + 6 };
      const [row] = frame(source, place, { width: 60, context: 1, lines: 8 });
      expect(underlined(sql, 'NEEDLE')).toBe('NEEDLE');
      expect(displayWidth(row?.text ?? '')).toBeLessThanOrEqual(60);
    }
  });

  it('are one at least, at the end of an empty file or past the end of a line', () => {
    const empty = frame(
      new SourceFile('a.sql', ''),
      { line: 1, column: 1, endLine: 1, endColumn: 1 },
      { width: 40, context: 1, lines: 8 },
    );
    expect(empty).toEqual([{ number: 1, inside: true, text: '', marks: '^' }]);
    const past = frame(
      new SourceFile('a.sql', 'ab'),
      { line: 9, column: 9, endLine: 12, endColumn: 1 },
      { width: 40, context: 0, lines: 8 },
    );
    expect(past).toEqual([{ number: 1, inside: true, text: 'ab', marks: '  ^' }]);
  });
});

describe('a frame', () => {
  it('shows the lines around and tells how many of a long statement it leaves out', () => {
    const sql = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`).join('\n');
    const rows = frame(
      new SourceFile('a.sql', sql),
      { line: 3, column: 1, endLine: 25, endColumn: 4 },
      { width: 40, context: 1, lines: 4 },
    );
    expect(rows.map((row) => `${row.number ?? '-'}${row.inside ? '>' : ' '}${row.text}`)).toEqual([
      '2 line 2',
      '3>line 3',
      '4>line 4',
      '5>line 5',
      '->… 19 more lines',
      '25>line 25',
      '26 line 26',
    ]);
  });

  it('masks secrets without moving the carets', () => {
    const sql = "ALTER ROLE a PASSWORD 'hunter2hunter2' VALID UNTIL 'x'";
    const column = sql.indexOf('VALID') + 1;
    const [row] = frame(
      new SourceFile('a.sql', sql),
      { line: 1, column, endLine: 1, endColumn: column + 5 },
      { width: 100, context: 0, lines: 8, redact: createRedactor() },
    );
    expect(row?.text).toBe("ALTER ROLE a PASSWORD **************** VALID UNTIL 'x'");
    expect(row?.marks?.indexOf('^')).toBe(row?.text.indexOf('VALID'));
  });

  it('does not show a secret whose other half lies outside a very long line', () => {
    const sql = `${' '.repeat(5_000)}'postgres://app:${'s3cr3t'.repeat(20)}@h/d'${' '.repeat(5_000)}`;
    const column = sql.indexOf('app') + 1;
    const [row] = frame(
      new SourceFile('a.sql', sql),
      { line: 1, column, endLine: 1, endColumn: column + 3 },
      { width: 60, context: 0, lines: 8, redact: createRedactor() },
    );
    expect(row?.text).toContain('app:****');
    expect(row?.text).not.toContain('s3cr3t');
  });
});
