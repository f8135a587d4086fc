import { displayWidth } from './cells.ts';
import type { Chain, Proof } from './proof-result.ts';
import { type Cells, COLUMNS, type Column, type Entry, entriesOf, NOTHING, TITLES } from './proof-table.ts';
import { shadowName, titleOf } from './proof-verdict.ts';
import { chainLine, linesOf, type ProofLine } from './proof-words.ts';
import { visibleLine } from './visible.ts';
import { wrap } from './wrap.ts';

interface Sheet {
  readonly paint: (code: string, text: string) => string;
  /** Columns of the terminal. */
  readonly width: number;
}

const GOOD = '32';
const BAD = '1;31';
const DIM = '2';
const BOLD = '1';
const WARN = '33';
const MARKS = { good: [GOOD, '✓'], note: [DIM, '·'], warn: [WARN, '!'], bad: [BAD, '✗'] } as const;

/** Columns of a statement below which nobody knows it again. */
const SHORTEST_STATEMENT = 24;

/** One migration's proof: what came of it, and the statements in a table where that fits, else one by one. */
export function proofBlock(proof: Proof, sheet: Sheet): string {
  const { paint, width } = sheet;
  const title = titleOf(proof);
  const entries = entriesOf(proof);
  const shadow = shadowName(proof);
  const fits = displayWidth(`proof of ${title}  ${shadow}`) <= width;
  return [
    `${paint(BOLD, `proof of ${title}`)}${fits ? '  ' : '\n  '}${paint(DIM, shadow)}`,
    ...linesOf(proof).flatMap((line) => toldLine(line, sheet)),
    ...(tableOf(entries, width, paint) ?? entries.flatMap((entry) => stacked(entry, sheet))),
  ].join('\n');
}

/** What came of the rollbacks of all migrations, one after the other; empty where there is only one. */
export function chainBlock(
  { proofs = [], chain }: { proofs?: readonly Proof[] | undefined; chain?: Chain | undefined },
  sheet: Sheet,
): string {
  const line = proofs.length > 1 ? chainLine(chain) : undefined;
  return line ? [sheet.paint(BOLD, 'the whole change'), ...toldLine(line, sheet)].join('\n') : '';
}

/** Columns before the text of a line. */
const HANG = 14;

function toldLine({ label, text, items = [], level }: ProofLine, { paint, width }: Sheet): string[] {
  const [code, sign] = MARKS[level];
  const room = Math.max(20, Math.min(width, 100) - HANG);
  const lines = [
    ...wrap(visibleLine(text), room),
    ...items.flatMap((item) =>
      wrap(visibleLine(item), room - 2).map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`)),
    ),
  ];
  return lines.map((line, at) =>
    at === 0 ? `  ${paint(code, sign)} ${`${label}:`.padEnd(HANG - 4)}${line}` : `${' '.repeat(HANG)}${line}`,
  );
}

/** Undefined where a statement would not have the room it needs. */
function tableOf(entries: readonly Entry[], width: number, paint: Sheet['paint']): string[] | undefined {
  const rows = entries.flatMap((entry) => (entry.kind === 'statement' ? [entry.cells] : []));
  const columns = COLUMNS.filter(
    (column) => column === 'line' || column === 'statement' || rows.some((row) => row[column] !== NOTHING),
  );
  const natural = (column: Column): number =>
    Math.max(displayWidth(TITLES[column]), ...rows.map((row) => displayWidth(row[column])));
  const others = columns.reduce(
    (sum, column) => sum + (column === 'statement' ? 0 : natural(column) + 2),
    INDENT,
  );
  const room = Math.min(natural('statement'), width - others);
  if (room < Math.min(SHORTEST_STATEMENT, natural('statement'))) return undefined;
  const widths = new Map(columns.map((column) => [column, column === 'statement' ? room : natural(column)]));
  const line = (cells: Cells): string =>
    `${' '.repeat(INDENT)}${columns
      .map((column) => painted(column, cells[column], widths.get(column) ?? 0, paint))
      .join('  ')}`.trimEnd();
  return [
    paint(DIM, line(TITLES)),
    ...entries.map((entry) =>
      entry.kind === 'statement' ? line(entry.cells) : paint(DIM, `${' '.repeat(INDENT)}… ${entry.text}`),
    ),
  ];
}

const INDENT = 4;

function painted(column: Column, text: string, width: number, paint: Sheet['paint']): string {
  const fit = fitted(text, width);
  if (text === NOTHING) return paint(DIM, fit);
  if ((column === 'work' && text.startsWith('rewrites')) || (column === 'time' && text === 'fails'))
    return paint(column === 'work' ? WARN : BAD, fit);
  return column === 'blocks' && text.startsWith('reads') ? paint(WARN, fit) : fit;
}

function fitted(text: string, width: number): string {
  const size = displayWidth(text);
  if (size <= width) return text + ' '.repeat(width - size);
  let cut = '';
  let used = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width - 1) break;
    cut += character;
  }
  return `${cut}…`.padEnd(width);
}

/** A statement, and below it what it did, for narrow terminals. */
function stacked(entry: Entry, { paint, width }: Sheet): string[] {
  const indent = ' '.repeat(INDENT);
  if (entry.kind === 'folded') return [paint(DIM, `${indent}… ${entry.text}`)];
  const { cells } = entry;
  const hang = indent + ' '.repeat(cells.line.length + 2);
  const did = [
    stackedLock(cells),
    ...(cells.blocks === NOTHING ? [] : [`blocks ${cells.blocks}`]),
    ...(cells.work === NOTHING ? [] : [cells.work]),
    ...(cells.rows === NOTHING ? [] : [`${cells.rows} rows`]),
    cells.time,
  ].join(' · ');
  return [
    `${indent}${paint(DIM, `${cells.line}:`)} ${fitted(cells.statement, Math.max(20, width - hang.length)).trimEnd()}`,
    ...wrap(did, Math.max(20, width - hang.length)).map((line) => paint(DIM, `${hang}${line}`)),
  ];
}

function stackedLock({ lock }: Cells): string {
  if (lock === NOTHING) return 'no lock';
  return lock === 'as before' ? 'lock as before' : lock;
}
