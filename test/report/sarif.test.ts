import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Finding, Result } from '../../src/report/result.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { SourceFile } from '../../src/sql/source.ts';
import { hostile } from './hostile.ts';
import { clean, files, findingAbout, result, rules, source } from './sample.ts';

// Only the schema of that package is used, not its matchers.
const schemaAt = (url: string): Record<string, unknown> =>
  JSON.parse(readFileSync(fileURLToPath(url), 'utf8'));
const validate = new Ajv({
  // It tells of every meta schema that it does not know by `id`.
  logger: false,
  schemaId: 'id',
  meta: schemaAt(import.meta.resolve('ajv/lib/refs/json-schema-draft-04.json')),
}).compile(schemaAt(import.meta.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')));

interface Sarif {
  runs: [
    {
      tool: {
        driver: {
          rules: {
            id: string;
            helpUri?: string;
            defaultConfiguration: unknown;
            shortDescription: { text: string };
          }[];
        };
      };
      invocations: [
        {
          executionSuccessful: boolean;
          toolExecutionNotifications: { level: string; message: { text: string } }[];
        },
      ];
      results: {
        ruleId: string;
        ruleIndex: number;
        level: string;
        message: { text: string };
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: string; uriBaseId: string };
              region: Record<string, number>;
            };
          },
        ];
        partialFingerprints: Record<string, string>;
        fixes?: unknown[];
      }[];
    },
  ];
}

function sarif(value: Result, from: (path: string) => SourceFile | undefined = source): Sarif {
  const text = renderSarif(value, { rules, version: '1.2.3', source: from });
  const parsed: Sarif = JSON.parse(text);
  expect(validate(parsed), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  return parsed;
}

function prints(value: Result, from: (path: string) => SourceFile | undefined): string[] {
  return sarif(value, from)
    .runs[0].results.map((one) => `${one.ruleId} ${one.partialFingerprints['airlock/v1']}`)
    .sort();
}

describe('SARIF', () => {
  it('fits the official schema, and the schema is not blind', () => {
    const parsed = sarif(result);
    expect(validate({ ...parsed, version: '9' })).toBe(false);
    expect(validate({ ...parsed, runs: [{ ...parsed.runs[0], columnKind: 'bytes' }] })).toBe(false);
  });

  it('holds each finding at its region with its rule', () => {
    const { results, tool } = sarif(result).runs[0];
    expect(results).toHaveLength(8);
    for (const one of results) expect(tool.driver.rules[one.ruleIndex]?.id).toBe(one.ruleId);
    expect(results[1]).toMatchObject({
      ruleId: 'add-foreign-key-not-valid',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: {
              uri: 'db/migrations/20261104101500_order_lookup.sql',
              uriBaseId: '%SRCROOT%',
            },
            region: { startLine: 8, startColumn: 1, endLine: 10, endColumn: 54 },
          },
        },
      ],
    });
    expect(results.map((one) => one.level)).toEqual([...Array(5).fill('error'), 'warning', 'note', 'note']);
  });

  it('describes rules, those that are off too, and links their help', () => {
    const off = { id: 'off-rule', title: 'Off', why: 'w', safeAlternative: 's', severity: 'off' as const };
    const parsed: Sarif = JSON.parse(renderSarif(result, { rules: [...rules, off], version: '1.0.0' }));
    expect(validate(parsed)).toBe(true);
    const described = parsed.runs[0].tool.driver.rules;
    expect(described.map((rule) => rule.id)).toEqual(described.map((rule) => rule.id).toSorted());
    expect(described.find((rule) => rule.id === 'off-rule')?.defaultConfiguration).toEqual({
      enabled: false,
      level: 'none',
    });
    expect(described.find((rule) => rule.id === 'drop-column')?.helpUri).toBe(
      'https://airlock.example/rules/drop-column',
    );
  });

  it('describes a rule that only a finding names', () => {
    const parsed = sarif({
      ...result,
      findings: [findingAbout(new SourceFile('a.sql', 'x'), 'x', { ruleId: 'unheard-of' })],
    });
    expect(parsed.runs[0].tool.driver.rules.map((rule) => rule.id)).toContain('unheard-of');
  });

  it('writes paths as relative addresses', () => {
    const odd = findingAbout(new SourceFile('db/a b#1?%/é:[x].sql', 'x'), 'x');
    const [one] = sarif({ ...result, findings: [odd] }).runs[0].results;
    expect(one?.locations[0].physicalLocation.artifactLocation.uri).toBe(
      'db/a%20b%231%3F%25/%C3%A9%3A%5Bx%5D.sql',
    );
  });

  it('offers the replacement as a fix', () => {
    const fixed = sarif(result).runs[0].results.filter((one) => one.fixes !== undefined);
    expect(fixed.map((one) => one.ruleId)).toEqual(['create-index-concurrently', 'naming-table']);
    expect(JSON.stringify(fixed[1]?.fixes)).toContain('"insertedContent":{"text":"customer_notes"}');
  });

  it('tells what was refuted, ignored and not analysed as notifications, never as results', () => {
    const run = sarif(result).runs[0];
    expect(run.invocations[0].toolExecutionNotifications.map((one) => [one.level, one.message.text])).toEqual(
      [
        ['warning', 'Not analysed: a migration written in TypeScript is not read'],
        [
          'note',
          'Refuted when it ran: alter-column-type. widening varchar(20) to varchar(32) changes the catalog only',
        ],
        ['note', 'Ignored: require-timeouts, 1 finding(s) held back. set by the pooler for this role'],
      ],
    );
    expect(JSON.stringify(run.results)).not.toContain('require-timeouts');
  });

  it('says so when the check itself failed', () => {
    const run = sarif(clean({ reasonCode: 'layout-unknown', message: 'No layout fits.' })).runs[0];
    expect(run.invocations[0].executionSuccessful).toBe(false);
    expect(run.invocations[0].toolExecutionNotifications[0]?.message.text).toBe('No layout fits.');
    expect(sarif(clean()).runs[0].invocations[0].executionSuccessful).toBe(true);
  });

  it('holds 25,000 results at most, the worst, and says how many are missing', () => {
    const one = findingAbout(new SourceFile('a.sql', 'x'), 'x', { severity: 'warning' });
    const findings: Finding[] = Array.from({ length: 25_010 }, (_, index) => ({
      ...one,
      line: index + 1,
      endLine: index + 1,
    }));
    findings.push({ ...one, severity: 'error', line: 30_000, endLine: 30_000 });
    const parsed: Sarif = JSON.parse(renderSarif({ ...clean(), findings }, { rules: [], version: '1.0.0' }));
    const run = parsed.runs[0];
    expect(run.results).toHaveLength(25_000);
    expect(run.results[0]?.level).toBe('error');
    expect(run.invocations[0].toolExecutionNotifications[0]?.message.text).toContain('11 more findings');
  });
});

describe('fingerprints', () => {
  it('stay when lines are added above and white space changes', () => {
    const moved = new Map(
      [...files].map(([path, file]) => [path, new SourceFile(path, `-- one\n-- two\n${file.text}`)]),
    );
    const findings = result.findings.map((finding) => ({
      ...finding,
      line: finding.line + 2,
      endLine: finding.endLine + 2,
    }));
    expect(prints({ ...result, findings }, (path) => moved.get(path))).toEqual(prints(result, source));
  });

  it('differ by rule, by text, by file and by occurrence', () => {
    const twice = new SourceFile('a.sql', 'DROP TABLE t;\nDROP TABLE t;\nDROP TABLE u;\n');
    const first = findingAbout(twice, 'DROP TABLE t;');
    const findings = [
      first,
      { ...first, line: 2, endLine: 2 },
      { ...first, line: 3, endLine: 3 },
      { ...first, ruleId: 'other' },
      { ...first, file: 'b.sql' },
    ];
    const all = prints({ ...result, findings }, () => twice);
    expect(new Set(all.map((print) => print.split(' ')[1])).size).toBe(5);
  });
});

describe('hostile text in SARIF', () => {
  it('fits the schema, links nowhere and fills no placeholder', () => {
    for (const text of [...hostile, '[a](https://evil.example) {0} [b](1)']) {
      const file = new SourceFile(text, text);
      const hurt = findingAbout(file, text, {
        ruleId: text,
        message: text,
        why: text,
        fix: text,
        helpUrl: text,
      });
      const parsed = sarif(
        { ...result, findings: [hurt], notAnalysed: [{ file: text, line: 0, reason: text }] },
        () => file,
      );
      const message = parsed.runs[0].results[0]?.message.text ?? '';
      expect(message).not.toContain('](');
      expect(message).not.toMatch(/(?<!\{)\{\d+\}/);
      const printed = renderSarif({ ...result, findings: [hurt] }, { rules, version: '1.0.0' });
      expect(printed).not.toContain('##[');
      expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });
});
