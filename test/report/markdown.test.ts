import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { COMMENT_LIMIT, renderMarkdown, STEP_SUMMARY_LIMIT } from '../../src/report/markdown.ts';
import type { Finding } from '../../src/report/result.ts';
import { SourceFile } from '../../src/sql/source.ts';
import { hostile } from './hostile.ts';
import { clean, findingAbout, result, source } from './sample.ts';

const link = (file: string, line: number, end: number): string =>
  `https://github.example/o/r/blob/abc/${file}#L${line}-L${end}`;

function html(markdown: string): string {
  return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

function many(count: number): Finding[] {
  const file = new SourceFile(
    'db/1_many.sql',
    Array.from({ length: count }, (_, line) => `DROP TABLE t${line};`).join('\n'),
  );
  return Array.from({ length: count }, (_, index) =>
    findingAbout(file, `DROP TABLE t${index};`, {
      ruleId: 'drop-table',
      severity: index % 100 === 99 ? 'error' : 'warning',
      message: `Table "t${index}" and what it holds are gone for good: 総額.`,
    }),
  );
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

describe('the comment', () => {
  it('starts with the marker and a verdict of one line', () => {
    const lines = renderMarkdown(result, { source, link, marker: 'airlock:report' }).split('\n');
    expect(lines[0]).toBe('<!-- airlock:report -->');
    expect(lines[2]).toBe('### 🛑 Airlock: 5 errors, 1 warning, 2 info in 3 of 4 migrations');
  });

  it('has one short row per finding with its line linked, and folds the rest away', () => {
    const text = renderMarkdown(result, { source, link });
    const rows = text.split('\n').filter((line) => /^\| (?:🛑|⚠️|ℹ️) \|/.test(line));
    expect(rows).toHaveLength(8);
    expect(rows[1]).toContain(
      '[8](https://github.example/o/r/blob/abc/db/migrations/20261104101500_order_lookup.sql#L8-L10)',
    );
    expect(rows[1]).toContain(
      '<br>[add-foreign-key-not-valid](https://airlock.example/rules/add-foreign-key-not-valid) |',
    );
    const page = html(text);
    expect(page.match(/<table>/g)).toHaveLength(3);
    expect(page.match(/<th[ >]/g)).toHaveLength(9);
    expect(page.match(/<details><summary>Why/g)).toHaveLength(3);
    expect(page.match(/<details/g)).toHaveLength(6);
    expect(page.match(/<\/details>/g)).toHaveLength(6);
    // Outside of what is folded, neither reasons nor code.
    const open = page.replace(/<details>.*?<\/details>/gs, '');
    expect(open).not.toContain('SHARE lock');
    expect(open).not.toContain('<pre>');
  });

  it('shows the rewrite of a line as it would stand', () => {
    expect(renderMarkdown(result, { source })).toContain(
      '```diff\n- CREATE TABLE CustomerNotes (\n+ CREATE TABLE customer_notes (\n```',
    );
  });

  it('tells the same reason once per file', () => {
    const text = renderMarkdown(result, { source });
    expect(text.split('The running version of the application')).toHaveLength(2);
  });

  it('lists ignores in force, what was refuted, what was not analysed, what was checked, and the next command', () => {
    const text = renderMarkdown(result, { source });
    expect(text).toContain('Checked 11 statements in 4 files, judged against 37 earlier migrations');
    expect(text).toContain('Ignores in force (1)');
    expect(text).toContain('holding back 1 finding — “set by the pooler for this role”');
    expect(text).toContain('Not analysed (1)');
    expect(text).toContain('Suspected, then refuted (1)');
    expect(text).toContain('**Next:** <code>npx airlock validate --fix db/migrations</code>');
  });

  it('is green only where everything was looked at', () => {
    expect(renderMarkdown(clean())).toContain('### ✅ Airlock: no problems found in 2 migrations');
    const blind = renderMarkdown(clean({ notAnalysed: [{ file: 'a.ts', line: 1, reason: 'TypeScript' }] }));
    expect(blind).toContain('### ⚠️ Airlock: no problems found, but 1 place not analysed');
    expect(blind).not.toContain('✅');
    const failed = renderMarkdown(clean({ reasonCode: 'layout-ambiguous', message: 'Two layouts fit.' }));
    expect(failed).toContain(
      '### ❌ Airlock could not check this\n\nTwo layouts fit. (<code>layout-ambiguous</code>)',
    );
    expect(renderMarkdown(clean({ reasonCode: 'nothing-to-do' }))).toContain('no migrations to check');
  });

  it('is the same for the same findings in another order', () => {
    const turned = { ...result, findings: result.findings.toReversed() };
    expect(renderMarkdown(turned, { source, link })).toBe(renderMarkdown(result, { source, link }));
  });
});

describe('a comment that is too long', () => {
  it.each([2_000, 5_000, 20_000, COMMENT_LIMIT, STEP_SUMMARY_LIMIT])('stays within %i bytes', (maxLength) => {
    const findings = many(3_000);
    const file = new SourceFile('db/1_many.sql', 'DROP TABLE t;\n'.repeat(3_000));
    const text = renderMarkdown(clean({ reasonCode: 'findings', findings }), {
      maxLength,
      link,
      source: () => file,
    });
    expect(bytes(text)).toBeLessThanOrEqual(maxLength);
    if (maxLength > 2_000 && maxLength < STEP_SUMMARY_LIMIT)
      expect(bytes(text)).toBeGreaterThan(maxLength * 0.9);
    expect(html(text).match(/<details/g)?.length).toBe(html(text).match(/<\/details>/g)?.length);
  });

  it('keeps the worst, whole, and says how many are left out and where they stand', () => {
    const findings = many(3_000);
    const text = renderMarkdown(clean({ reasonCode: 'findings', findings }), {
      elsewhere: 'see the [step summary](https://github.example/run)',
    });
    const rows = text.split('\n').filter((line) => /^\| (?:🛑|⚠️) \|/.test(line));
    expect(rows.filter((row) => row.startsWith('| 🛑'))).toHaveLength(30);
    for (const row of rows) expect(row).toMatch(/gone for good: 総額\.<br>.* \|$/);
    const left = 3_000 - rows.length;
    expect(left).toBeGreaterThan(1_000);
    const written = `${String(left).slice(0, -3)},${String(left).slice(-3)}`;
    expect(text).toContain(
      `**${written} more findings left out here for length (${written} warnings).** For all of them see the [step summary](https://github.example/run).`,
    );
  });

  it('holds even where lists and single texts are endless', () => {
    const long = '@x | `'.repeat(20_000);
    const hurt = {
      ...findingAbout(new SourceFile(long, long), '@'),
      message: long,
      why: long,
      fix: long,
      ruleId: long,
    };
    const text = renderMarkdown(
      clean({
        reasonCode: 'findings',
        message: long,
        next: long,
        findings: Array.from({ length: 50 }, () => hurt),
        refuted: Array.from({ length: 500 }, () => ({ ...hurt, because: long })),
        ignores: Array.from({ length: 500 }, () => ({
          ruleId: long,
          file: long,
          line: 1,
          reason: long,
          suppressed: 1,
        })),
        notAnalysed: Array.from({ length: 500 }, () => ({ file: long, line: 1, reason: long })),
      }),
      { source: () => new SourceFile(long, long) },
    );
    expect(bytes(text)).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text).toContain('left out here');
  });

  it('is made in a moment from very many findings', () => {
    const one = many(1);
    const findings = Array.from({ length: 100_000 }, (_, index) => ({
      ...(one[0] as Finding),
      line: index + 1,
    }));
    const started = performance.now();
    const text = renderMarkdown(clean({ reasonCode: 'findings', findings }));
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(bytes(text)).toBeLessThanOrEqual(COMMENT_LIMIT);
  });
});

describe('hostile text in a comment', () => {
  it('changes nothing of its build, wherever it stands', () => {
    for (const text of hostile) {
      const file = new SourceFile(text, text);
      const hurt = findingAbout(file, text, {
        ruleId: text,
        message: text,
        why: text,
        fix: text,
        helpUrl: `javascript:${text}`,
        line: 1,
        column: 1,
        replacement: { line: 1, column: 1, endLine: 1, endColumn: 2, text },
      });
      const markdown = renderMarkdown(
        clean({
          reasonCode: 'findings',
          message: text,
          next: text,
          layout: { id: text, why: text, directory: text },
          findings: [hurt],
          refuted: [{ ...hurt, because: text }],
          ignores: [{ ruleId: text, file: text, line: 1, reason: text, suppressed: 2 }],
          notAnalysed: [{ file: text, line: 1, reason: text }],
        }),
        { source: () => file, marker: 'airlock:report' },
      );
      const page = html(markdown);
      const count = (tag: string): number => page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;
      const counted = ['h3', 'h4', 'table', 'tr', 'td', 'details', 'summary', 'pre', 'ul', 'li'].map(count);
      expect(counted, JSON.stringify(text)).toEqual([1, 1, 1, 2, 3, 4, 4, 1, 3, 3]);
      for (const tag of ['a', 'img', 'h1', 'h2', 'ol', 'script', 'input', 'blockquote', 'hr', 'sup'])
        expect(count(tag), `${tag} from ${JSON.stringify(text)}`).toBe(0);
      expect(markdown.match(/<!--/g)).toHaveLength(1);
      const searched = page.replace(/<(code|pre)>.*?<\/\1>/gs, '').replace(/<[^>]*>/g, '');
      expect(searched).not.toMatch(/(?<!\w)@[a-z0-9]|#\d|GH-\d/i);
    }
  });

  it('cannot end the marker', () => {
    expect(renderMarkdown(clean(), { marker: 'a --> <b>' }).split('\n')[0]).toBe('<!-- a--b -->');
  });
});
