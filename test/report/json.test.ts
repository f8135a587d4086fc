import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resultJsonSchema, schemaFile } from '../../scripts/write-schema.ts';
import { renderJson } from '../../src/report/json.ts';
import { createRedactor } from '../../src/report/redact.ts';
import { formats, render } from '../../src/report/render.ts';
import { resultSchema } from '../../src/report/result.ts';
import { SourceFile } from '../../src/sql/source.ts';
import { hostile } from './hostile.ts';
import { clean, findingAbout, result, rules, source } from './sample.ts';

describe('JSON output', () => {
  it('is the result document itself', () => {
    const read = JSON.parse(renderJson(result));
    expect(resultSchema.parse(read)).toEqual(result);
    expect(resultSchema.safeParse({ ...read, extra: 1 }).success).toBe(false);
  });

  it('keeps hostile text exactly, and harmless when printed', () => {
    for (const text of hostile) {
      const value = clean({
        findings: [findingAbout(new SourceFile(text, text), text, { message: text, why: text })],
      });
      const printed = renderJson(value);
      // JSON has no way to write half a pair but as an escape, which reads back the same.
      expect(JSON.parse(printed)).toEqual(value);
      expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(printed).not.toContain('##[');
      expect(printed).not.toMatch(/^\s*::/m);
    }
  });

  it('is what its published schema says', () => {
    expect(readFileSync(schemaFile, 'utf8'), 'stale: run `node scripts/write-schema.ts`').toBe(
      resultJsonSchema(),
    );
    const schema = JSON.parse(resultJsonSchema());
    expect(schema.properties.schemaVersion).toMatchObject({ const: 1 });
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toContain('findings');
  });
});

describe('every format', () => {
  it('gives the same bytes for the same result, ending with a line feed', async () => {
    for (const format of formats) {
      const options = { redact: createRedactor(), source, rules, version: '1.0.0' };
      const text = await render(format, result, options);
      expect(await render(format, { ...result, findings: [...result.findings] }, options)).toBe(text);
      expect(text.endsWith('\n')).toBe(true);
      expect(text).toContain('create-index-concurrently');
    }
  });

  it('prints markdown that issues no workflow command in a log', async () => {
    const sql = new SourceFile('a.sql', '::add-mask::x\n##[error]y\nDROP TABLE t;\n');
    const value = clean({ reasonCode: 'findings', findings: [findingAbout(sql, sql.text)] });
    const text = await render('markdown', value, { redact: createRedactor(), source: () => sql });
    expect(text).toContain(': :add-mask::x\n## [error]y');
  });
});
