import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { code, fence, inline, link, prose } from '../../src/report/markdown-text.ts';
import { hostile } from './hostile.ts';

function html(markdown: string): string {
  return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

function tags(markdown: string): string[] {
  return [...html(markdown).matchAll(/<\/?([a-z0-9]+)|<!--/gi)].map((match) => match[1] ?? match[0]);
}

/** The text of the page that GitHub searches for mentions and references: all but code and links. */
function searched(markdown: string): string {
  return html(markdown)
    .replace(/<code>.*?<\/code>/gs, '')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#64;', '@');
}

const MENTION = /(?<![\w`])@[a-z0-9]/i;
const REFERENCE = /#\d|\bGH-\d|@[0-9a-f]{7}/i;

describe('hostile text in a paragraph', () => {
  it('stays text: no link, image, heading, emphasis or element of its own', () => {
    for (const text of hostile) {
      expect(new Set(tags(`Before ${inline(text)} after`)), JSON.stringify(text)).toEqual(
        new Set(text.includes('$') ? ['p', 'span'] : ['p']),
      );
    }
  });

  it('mentions nobody and refers to nothing', () => {
    expect(searched(hostile[0])).toMatch(MENTION);
    expect(searched(hostile[1])).toMatch(REFERENCE);
    for (const text of hostile) {
      for (const written of [inline(text), prose(text), code(text)]) {
        expect(searched(`Before ${written}`), text).not.toMatch(MENTION);
        expect(searched(`Before ${written}`), text).not.toMatch(REFERENCE);
        expect(searched(`Before ${written}`)).not.toMatch(/\w:\/\/|www\./);
      }
    }
  });

  it('stays in its table cell', () => {
    for (const text of hostile) {
      const table = `| a | b |\n| --- | --- |\n| ${inline(text)} | ${code(text)} |\n`;
      const page = html(table);
      expect([...page.matchAll(/<td/g)], JSON.stringify(text)).toHaveLength(2);
      expect([...page.matchAll(/<tr/g)]).toHaveLength(2);
      expect(page).not.toMatch(/<(a|img|h1|script|details|summary)\b/);
    }
  });

  it('reads as it was written', () => {
    const text = 'Table "a_b" * [x](y) | `q` <b> \\ ~ ! is "odd".';
    expect(html(inline(text))).toBe(
      `<p>Table &quot;a_b&quot; * [x](y) | \`q\` &lt;b&gt; \\ ~ ! is &quot;odd&quot;.</p>`,
    );
  });
});

describe('our own explanations', () => {
  it('show words between backticks as code and lines as lines', () => {
    expect(prose('Use `DROP INDEX`.\nThen wait.')).toBe('Use <code>DROP INDEX</code>.<br>Then wait.');
  });

  it('open nothing that they do not close', () => {
    for (const text of hostile) {
      const left = tags(`x ${prose(text)}`).filter((tag) => !['p', 'span', 'br', 'code'].includes(tag));
      expect(left, JSON.stringify(text)).toEqual([]);
    }
  });
});

describe('a fenced block', () => {
  it('cannot be closed by what is in it', () => {
    for (const text of hostile) {
      const page = html(`${fence(text, 'sql')}\n\nafter`);
      expect(page.match(/<pre>/g), JSON.stringify(text)).toHaveLength(1);
      expect(page.endsWith('</code></pre>\n<p>after</p>')).toBe(true);
      expect(page).not.toMatch(/<(h1|details|img|script|a)\b/);
    }
  });

  it('holds no hidden marker', () => {
    expect(fence('<!-- airlock:report -->', 'sql')).not.toContain('<!--');
  });
});

describe('a link', () => {
  it('is made for web addresses only', () => {
    expect(link('x', 'javascript:alert(1)')).toBe('x');
    expect(link('x', 'data:text/html,x')).toBe('x');
    expect(link('x', undefined)).toBe('x');
    expect(link('x', 'https://a.example/b')).toBe('[x](https://a.example/b)');
  });

  it('cannot be ended early by its address', () => {
    expect(link('x', 'https://a.example/b) [y](https://c.example) "<>|\\`\n')).toBe(
      '[x](https://a.example/b%29%20%5By%5D%28https://c.example%29%20%22%3C%3E%7C%5C%60%0A)',
    );
  });
});
