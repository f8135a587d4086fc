import { LOCK_STRENGTH, lockMode } from '../sql/locks.ts';
import type { LockMode } from '../sql/statement.ts';
import { thousands } from './order.ts';
import type { Proof, ProvenLock, ProvenStatement } from './proof-result.ts';
import { clip, visibleLine } from './visible.ts';

/** The statements of a proven migration as a table, for every report alike. */

export const COLUMNS = ['line', 'statement', 'lock', 'blocks', 'work', 'rows', 'time'] as const;
export type Column = (typeof COLUMNS)[number];
export type Cells = Readonly<Record<Column, string>>;

export const TITLES: Readonly<Record<Column, string>> = {
  line: 'line',
  statement: 'statement',
  lock: 'lock',
  blocks: 'blocks',
  work: 'rewrite or scan',
  rows: 'rows',
  time: 'time',
};

export type Entry =
  | { readonly kind: 'statement'; readonly cells: Cells; readonly statement: ProvenStatement }
  /** Statements in a row that nobody has to look at. */
  | { readonly kind: 'folded'; readonly text: string };

/** Nothing is in this cell. */
export const NOTHING = '–';

/** Statements that do nothing worth a look stay in the table up to this many in a row. */
const FEW = 2;

/** The table of a migration: a row a statement, and one for several that only make new things or set something. */
export function entriesOf({ up, transaction }: Proof): Entry[] {
  const entries: Entry[] = [];
  let plain: Entry[] = [];
  const flush = (): void => {
    const [first, last] = [plain[0], plain.at(-1)];
    if (plain.length > FEW && first?.kind === 'statement' && last?.kind === 'statement')
      entries.push({
        kind: 'folded',
        text: `${plain.length} statements that lock nothing further (lines ${first.cells.line} to ${last.cells.line})`,
      });
    else entries.push(...plain);
    plain = [];
  };
  const held: ProvenLock[] = [];
  for (const statement of up.statements) {
    const entry: Entry = { kind: 'statement', statement, cells: cellsOf(statement, held) };
    if (transaction) held.push(...statement.locks);
    if (isPlain(statement)) plain.push(entry);
    else {
      flush();
      entries.push(entry);
    }
  }
  flush();
  return entries;
}

/** Milliseconds from which on a statement is worth a look whatever it does. */
const SLOW = 100;

function isPlain(statement: ProvenStatement): boolean {
  const { error, rewrites, scans, durationMs, estimate, rows = 0 } = statement;
  const works =
    estimate !== undefined || rewrites.length > 0 || scans.length > 0 || rows > 0 || durationMs >= SLOW;
  return error === undefined && !works && notable(statement.locks).length === 0;
}

/** `held`: what the transaction has locked before, and keeps until it ends. */
function cellsOf(statement: ProvenStatement, held: readonly ProvenLock[]): Cells {
  const none = notable(statement.locks).length === 0;
  const kept = none ? held.filter(({ blocks }) => blocks.includes('insert')) : [];
  const { rewrites, scans, rows, error } = statement;
  const work = [
    ...(rewrites.length > 0 ? [`rewrites ${named(rewrites)}`] : []),
    // What is written anew is read for it.
    ...[scans.map(({ relation }) => relation).filter((relation) => !rewrites.includes(relation))]
      .filter((read) => read.length > 0)
      .map((read) => `reads all of ${named(read)}`),
  ];
  return {
    line: String(statement.line),
    statement: visibleLine(statement.text),
    lock: kept.length > 0 ? 'as before' : lockCell(statement.locks),
    blocks: blocksCell(kept.length > 0 ? kept : statement.locks),
    work: work.join(', ') || NOTHING,
    rows: rows === undefined ? NOTHING : thousands(rows),
    time: error === undefined ? timeCell(statement) : 'fails',
  };
}

/** What it would take where it matters is worth more than what it took in the shadow. */
function timeCell({ durationMs, estimate }: ProvenStatement): string {
  return estimate ? `≈ ${duration(estimate.ms)}` : duration(durationMs);
}

/** What every query takes is no news. */
function notable(locks: readonly ProvenLock[]): ProvenLock[] {
  return locks.filter(({ mode }) => mode !== 'AccessShare' && mode !== 'RowShare');
}

function lockCell(locks: readonly ProvenLock[]): string {
  const byMode = new Map<string, string[]>();
  for (const { mode, relation } of notable(locks)) {
    const relations = byMode.get(mode) ?? [];
    relations.push(relation);
    byMode.set(mode, relations);
  }
  return (
    [...byMode]
      .map(([mode, relations]) => ({ mode: modeInWords(mode), relations }))
      .sort((a, b) => strengthOf(b.mode) - strengthOf(a.mode))
      .map(({ mode, relations }) => `${mode} on ${named(relations)}`)
      .join(', ') || NOTHING
  );
}

function modeInWords(mode: string): string {
  return lockMode(visibleLine(clip(mode, 40)));
}

function strengthOf(mode: string): number {
  return LOCK_STRENGTH[mode as LockMode] ?? 0;
}

/** What other sessions cannot do meanwhile, in the words of an application. */
function blocksCell(locks: readonly ProvenLock[]): string {
  const kinds = new Set(notable(locks).flatMap(({ blocks }) => blocks));
  if (kinds.has('select')) return 'reads and writes';
  if (kinds.has('insert') || kinds.has('update') || kinds.has('delete')) return 'writes';
  return kinds.has('ddl') ? 'schema changes' : NOTHING;
}

/** Names written out before the rest is counted. */
const NAMED = 3;

/** "orders, customers, items and 4 more". */
export function named(names: readonly string[], most = NAMED): string {
  const all = [...new Set(names)].map(shown);
  const rest = all.length - most;
  return rest > 0 ? `${all.slice(0, most).join(', ')} and ${rest} more` : all.join(', ');
}

/** Names as people say them: without the schema that everybody has. */
export function shown(name: string): string {
  return visibleLine(clip(name, 300)).replace(/^public\.(?=.)/, '');
}

/** "3 ms", "2.4 s", "2.5 min". */
export function duration(ms: number): string {
  if (ms < 1) return '< 1 ms';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  return ms < 5_400_000
    ? `${(ms / 60_000).toFixed(ms < 600_000 ? 1 : 0)} min`
    : `${(ms / 3_600_000).toFixed(1)} h`;
}
