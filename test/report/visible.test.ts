import { describe, expect, it } from 'vitest';
import { clip, clipBytes, visible, visibleLine } from '../../src/report/visible.ts';
import { hostile } from './hostile.ts';

describe('visible text', () => {
  it('spells out escape sequences, bidirectional overrides and invisible characters', () => {
    expect(visible('\u001b[31m')).toBe('␛[31m');
    expect(visible('a\u202eb')).toBe('a<U+202E>b');
    expect(visible('a\u200bb\ufeff')).toBe('a<U+200B>b<U+FEFF>');
    expect(visible('\u009b31m')).toBe('<U+009B>31m');
    expect(visible('\u007f\u0000')).toBe('␡␀');
    expect(visible('\ud800')).toBe('<U+D800>');
    expect(visible('\u{e0101}\u3164')).toBe('<U+E0101><U+3164>');
  });

  it('keeps tabs, line feeds and ordinary letters of every script', () => {
    expect(visible('a\tb\r\nc 総額 ü é 😀')).toBe('a\tb\nc 総額 ü é 😀');
  });

  it('lets no control character of a hostile text through', () => {
    for (const text of hostile) {
      expect(visible(text).replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(visibleLine(text)).not.toMatch(/[\n\t]/);
      expect(visible(text).isWellFormed()).toBe(true);
    }
  });

  it('cuts between characters, never inside a pair', () => {
    expect(clip('abc', 3)).toBe('abc');
    expect(clip('abcd', 3)).toBe('ab…');
    expect(clip('a😀b', 3)).toBe('a…');
    expect(clipBytes('äöü', 6)).toBe('äöü');
    expect(clipBytes('äöüx', 6)).toBe('ä…');
    expect(Buffer.byteLength(clipBytes('😀'.repeat(100), 50))).toBeLessThanOrEqual(50);
  });
});
