import type { MarkdownOptions } from './markdown.ts';
import { code, inline, insideHtml, link, prose } from './markdown-text.ts';
import { plural } from './order.ts';
import { ICONS } from './proof-head.ts';
import type { Proof } from './proof-result.ts';
import { COLUMNS, type Column, type Entry, entriesOf, NOTHING, TITLES } from './proof-table.ts';
import { titleOf, type Verdict, verdictsOf } from './proof-verdict.ts';
import { chainLine, linesOf, type ProofLine } from './proof-words.ts';
import type { Result } from './result.ts';

/** Rows shown of one migration. */
const MOST = 40;
/** How much is told of a migration: with the table of its statements, without it, or a line for all. */
const DEPTHS = ['table', 'lines', 'title'] as const;
type Depth = (typeof DEPTHS)[number];

/**
 * What happened when the migrations ran, as one section of at most `bytes` bytes. What went wrong is open and keeps
 * its tables longest; what went well is folded.
 */
export function proofSection(result: Result, options: MarkdownOptions, bytes: number): string {
  const { proofs = [] } = result;
  if (proofs.length === 0) return '';
  const chain = chainLine(result.chain);
  const whole = (blocks: readonly string[]): string =>
    [
      '#### What happened when it ran',
      ...(chain && proofs.length > 1 ? [toldLine(chain)] : []),
      ...blocks,
      legend(result),
    ].join('\n\n');
  const verdicts = verdictsOf(result);
  const good = verdicts.map(({ level }) => level === 'good');
  const told = (at: number, depth: Depth): string => {
    const [proof, verdict] = [proofs[at], verdicts[at]];
    return proof && verdict ? proofMarkdown(proof, verdict, options, depth) : '';
  };
  const fits = (text: string): boolean => Buffer.byteLength(text, 'utf8') <= bytes;
  for (const [ofGood, ofBad] of DEGREES) {
    if (good.reduce((sum, well) => sum + LEAST[well ? ofGood : ofBad], 0) > bytes) continue;
    const text = whole(good.map((well, at) => told(at, well ? ofGood : ofBad)));
    if (fits(text)) return text;
  }
  // The bad ones first: what is left out went well, as long as that is enough.
  const order = proofs.map((_, at) => at).sort((a, b) => Number(good[a]) - Number(good[b]));
  let shown = Math.min(proofs.length, Math.floor(bytes / 100));
  for (; shown > 0; shown = Math.floor(shown / 2)) {
    const kept = order.slice(0, shown).sort((a, b) => a - b);
    const blocks = kept.map((at) => told(at, 'title'));
    const text = whole([...blocks, `_… and ${plural(proofs.length - shown, 'more migration')}._`]);
    if (fits(text)) return text;
  }
  return '';
}

/** Bytes below which no migration is told: what cannot fit need not be tried. */
const LEAST: Readonly<Record<Depth, number>> = { table: 250, lines: 150, title: 30 };

const DEGREES: readonly (readonly [ofGood: Depth, ofBad: Depth])[] = [
  ['table', 'table'],
  ['lines', 'table'],
  ['lines', 'lines'],
  ['title', 'lines'],
  ['title', 'title'],
];

function legend({ shadow, proofs = [] }: Result): string {
  const estimated = proofs.some(({ up }) => up.statements.some(({ estimate }) => estimate));
  return `<sub>${[
    'Locks are those on what was there before; a transaction keeps them until it ends.',
    estimated
      ? 'Times with ≈ are estimates for the target, the others are of a shadow database with few rows.'
      : 'Times are of a shadow database with few rows.',
    ...(shadow
      ? [
          `PostgreSQL ${inline(shadow.serverVersion, 60)} (${shadow.kind}) was taken: ${inline(shadow.because, 300)}.`,
        ]
      : []),
  ].join(' ')}</sub>`;
}

/** One migration's proof: what a reviewer wants to know as a list, and below it the table of its statements. */
function proofMarkdown(
  proof: Proof,
  { text, level }: Verdict,
  options: MarkdownOptions,
  depth: Depth,
): string {
  const icon = ICONS[level];
  if (depth === 'title') return `${icon} **${inline(titleOf(proof), 150)}**: ${inline(text, 300)}`;
  const title = `${icon} <b>${insideHtml(titleOf(proof), 150)}</b>: ${insideHtml(text, 300)}`;
  const lines = linesOf(proof).map(toldLine).join('\n');
  const table = depth === 'table' ? tableOf(proof, options) : '';
  return [
    `<details${level === 'good' ? '' : ' open'}><summary>${title}</summary>`,
    lines,
    table,
    '</details>',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const OF_LABEL: Readonly<Partial<Record<ProofLine['label'], string>>> = { blocks: '🔒', time: '⏱️' };

function toldLine({ label, text, items = [], level }: ProofLine): string {
  const icon = (level === 'note' && OF_LABEL[label]) || ICONS[level];
  return [
    `- ${icon} **${label}**: ${prose(text, 800)}`,
    ...items.map((item) => `  - ${prose(item, 500)}`),
  ].join('\n');
}

function tableOf(proof: Proof, options: MarkdownOptions): string {
  const entries = entriesOf(proof);
  const shown = entries.slice(0, MOST);
  const cells = shown.flatMap((entry) => (entry.kind === 'statement' ? [entry.cells] : []));
  // A table with nothing but folded statements says nothing.
  if (cells.length === 0) return '';
  const columns = COLUMNS.filter(
    (column) => column === 'line' || column === 'statement' || cells.some((row) => row[column] !== NOTHING),
  );
  const more = entries.length - shown.length;
  return [
    row(columns.map((column) => TITLES[column])),
    row(columns.map((column) => (NUMBERS.has(column) ? '--:' : ':--'))),
    ...shown.map((entry) => row(columns.map((column) => cell(column, entry, proof, options)))),
    ...(more > 0 ? [row(columns.map((column) => (column === 'statement' ? `… and ${more} more` : '')))] : []),
  ].join('\n');
}

const NUMBERS: ReadonlySet<Column> = new Set(['line', 'rows', 'time']);

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cell(column: Column, entry: Entry, { file }: Proof, options: MarkdownOptions): string {
  if (entry.kind === 'folded') return column === 'statement' ? `<i>${inline(entry.text, 200)}</i>` : '';
  const { cells, statement } = entry;
  const text = cells[column];
  switch (column) {
    case 'line':
      return link(text, file && options.link?.(file, statement.line, statement.endLine));
    case 'statement':
      return code(text, 80);
    case 'work':
      return text.startsWith('rewrites') ? `**${inline(text, 300)}**` : inline(text, 300);
    case 'time':
      // On one line however narrow the column is.
      return text === 'fails' ? '**fails**' : inline(text, 100).replaceAll(' ', '&nbsp;');
    default:
      return inline(text, 300);
  }
}
