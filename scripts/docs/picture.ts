import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULTS } from '../../src/configuration/configuration.ts';
import { parseSizes } from '../../src/configuration/sizes.ts';
import type { LayoutFolder } from '../../src/migration/layout.ts';
import { airlock } from '../../src/migration/layouts/airlock.ts';
import { worstFirst } from '../../src/report/order.ts';
import type { Finding } from '../../src/report/result.ts';
import { wrap } from '../../src/report/wrap.ts';
import { registry } from '../../src/rules/registry.ts';
import { SourceFile } from '../../src/sql/source.ts';
import { toFinding } from '../../src/validation/raised.ts';
import { validate } from '../../src/validator.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

/** docs/images/pull-request.svg: the example pull request `phone-review` with the findings that Airlock really has. */
export async function picture(): Promise<string> {
  const { file, findings } = await review('phone-review');
  return draw(file, findings);
}

async function review(name: string): Promise<{ file: SourceFile; findings: Finding[] }> {
  const texts = new Map<string, string>();
  for (const folder of ['shop/migrations', `pull-requests/${name}/migrations`]) {
    for (const path of readdirSync(join(EXAMPLES, folder)))
      texts.set(path, readFileSync(join(EXAMPLES, folder, path), 'utf8'));
  }
  const added = new Set(readdirSync(join(EXAMPLES, `pull-requests/${name}/migrations`)));
  const folder: LayoutFolder = {
    directory: 'migrations',
    paths: [...texts.keys()].sort(),
    read: (path) => new SourceFile(`migrations/${path}`, texts.get(path) ?? ''),
  };
  const sizes = parseSizes(readFileSync(join(EXAMPLES, 'shop/sizes.json'), 'utf8'), 'sizes.json');
  if (!sizes.ok) throw new Error('examples/shop/sizes.json does not parse');
  const reading = airlock.read(folder, {});
  const { raised } = await validate({
    layout: airlock,
    reading,
    isChanged: ({ up }) => added.has(up.file.path.slice('migrations/'.length)),
    changeIsOne: true,
    rules: registry,
    settings: {
      runner: 'airlock',
      lockTimeout: DEFAULTS.lockTimeout,
      statementTimeout: DEFAULTS.statementTimeout,
      dialect: 'postgres',
      rules: {},
      target: sizes.target,
      placeholders: {},
    },
  });
  const [first] = added;
  const file = reading.migrations.find(({ up }) => up.file.path === `migrations/${first}`)?.up.file;
  if (!file) throw new Error(`examples/pull-requests/${name} holds no migration`);
  return {
    file,
    findings: raised
      .map(toFinding)
      .filter((finding) => finding.file === file.path)
      .sort(worstFirst),
  };
}

const WIDTH = 920;
const GUTTER = 56;
const LINE = 20;
const COLOURS = {
  error: { border: '#cf222e', fill: '#ffebe9', icon: '✕' },
  warning: { border: '#9a6700', fill: '#fff8c5', icon: '!' },
  info: { border: '#0969da', fill: '#ddf4ff', icon: 'i' },
} as const;

function draw(file: SourceFile, findings: readonly Finding[]): string {
  const body: string[] = [];
  let y = 44;
  const last = Math.max(...findings.map(({ endLine }) => endLine));
  const first = Math.max(1, Math.min(...findings.map(({ line }) => line)) - 2);
  for (let number = first; number <= last; number++) {
    const text = file.line(number);
    for (const part of text === '' ? [''] : pieces(text, 112)) {
      body.push(rect(0, y, WIDTH, LINE, '#e6ffec'), rect(0, y, GUTTER, LINE, '#ccffd8'));
      if (part === text || text.startsWith(part))
        body.push(mono(GUTTER - 10, y + 14, String(number), '#57606a', 'end'));
      body.push(mono(GUTTER + 8, y + 14, '+', '#1a7f37'), mono(GUTTER + 24, y + 14, part, '#1f2328'));
      y += LINE;
    }
    for (const finding of findings.filter(({ endLine }) => endLine === number)) {
      const box = annotation(finding, y + 6);
      body.push(box.text);
      y += box.height + 12;
    }
  }
  const height = y + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="A pull request's diff of ${escaped(file.path)} with ${findings.length} findings of Airlock at their lines">`,
    '<!-- Written by scripts/docs.ts from the real findings for examples/pull-requests/phone-review: do not edit. -->',
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6" fill="#ffffff" stroke="#d0d7de"/>`,
    `<path d="M0.5 6.5a6 6 0 0 1 6-6h${WIDTH - 13}a6 6 0 0 1 6 6V38.5H0.5Z" fill="#f6f8fa" stroke="#d0d7de"/>`,
    mono(16, 25, file.path, '#1f2328'),
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

function annotation(finding: Finding, y: number): { text: string; height: number } {
  const { border, fill, icon } = COLOURS[finding.severity];
  const x = GUTTER + 8;
  const width = WIDTH - x - 16;
  const lines = [
    ...wrap(finding.message, 118).map((text) => ({ text, colour: '#1f2328' })),
    ...wrap(`Instead: ${finding.fix}`, 118)
      .slice(0, 3)
      .map((text) => ({ text, colour: '#57606a' })),
  ];
  const height = 30 + lines.length * 18 + 6;
  return {
    height,
    text: [
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#ffffff" stroke="#d0d7de"/>`,
      `<path d="M${x + 4} ${y}h-1a3 3 0 0 0-3 3v${height - 6}a3 3 0 0 0 3 3h1Z" fill="${border}"/>`,
      `<circle cx="${x + 20}" cy="${y + 17}" r="8" fill="${fill}" stroke="${border}"/>`,
      `<text x="${x + 20}" y="${y + 21}" text-anchor="middle" font-family="sans-serif" font-size="11" font-weight="700" fill="${border}">${icon}</text>`,
      `<text x="${x + 36}" y="${y + 21}" font-family="-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13" font-weight="600" fill="#1f2328">${escaped(finding.ruleId)}</text>`,
      ...lines.map(
        ({ text, colour }, index) =>
          `<text x="${x + 14}" y="${y + 44 + index * 18}" font-family="-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13" fill="${colour}">${escaped(text)}</text>`,
      ),
    ].join('\n'),
  };
}

function pieces(text: string, length: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += length) parts.push(text.slice(at, at + length));
  return parts;
}

function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${x + 0.5}" y="${y}" width="${width - 1}" height="${height}" fill="${fill}"/>`;
}

function mono(x: number, y: number, text: string, fill: string, anchor = 'start'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" xml:space="preserve" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace" font-size="12" fill="${fill}">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
