import type { SourceFile } from '../sql/source.ts';
import { neutralise } from './actions-log.ts';
import { displayWidth } from './cells.ts';
import { frame } from './frame.ts';
import { byFile, byReason, migrationsConcerned, plural, tally, thousands } from './order.ts';
import { summaryBlock } from './proof-summary.ts';
import { chainBlock, proofBlock } from './proof-terminal.ts';
import type { Redactor } from './redact.ts';
import type { Finding, Result } from './result.ts';
import { visible, visibleLine } from './visible.ts';
import { inShort, wrap } from './wrap.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  /** Columns; below 60 context lines are left out and labels stand on their own. */
  readonly width: number;
  /** The text of a file that findings name; without it no code is shown. */
  readonly source?: ((file: string) => SourceFile | undefined) | undefined;
  /** For code that is shown: everything else is taken out of the result beforehand. */
  readonly redact?: Redactor | undefined;
}

type Paint = (code: string, text: string) => string;
interface Sheet {
  readonly options: TerminalOptions;
  readonly paint: Paint;
  readonly compact: boolean;
  /** Columns for running text. */
  readonly measure: number;
}

const STYLE = { error: '1;31', warning: '1;33', info: '1;36', dim: '2', bold: '1', link: '4;36' } as const;

/** What `airlock validate` prints; empty where there is nothing to say. Ends with a line feed otherwise. */
export function renderTerminal(result: Result, options: TerminalOptions): string {
  const width = Math.max(options.width, 20);
  const sheet: Sheet = {
    options: { ...options, width },
    paint: (code, text) => (options.colour && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text),
    compact: width < 60,
    measure: Math.min(width, 100),
  };
  // In a whole history each rule, and each piece of advice, is told once.
  const explained = result.summary && new Set<string>();
  const blocks = [
    ...[...byFile(result.findings)].map(([file, findings]) => fileBlock(file, findings, sheet, explained)),
    ...(result.proofs ?? []).map((proof) => proofBlock(proof, { paint: sheet.paint, width })),
    chainBlock(result, { paint: sheet.paint, width }),
    refutedBlock(result, sheet),
    listBlock(
      'ignores in force',
      result.ignores.map((ignore) => [
        `${visibleLine(ignore.file)}:${ignore.line}  ${visibleLine(ignore.ruleId)}`,
        `${ignore.reason || 'no reason given'} (holds back ${plural(ignore.suppressed, 'finding')})`,
      ]),
      sheet,
    ),
    listBlock(
      'not analysed',
      byReason(result.notAnalysed).map(({ first, more, reason }) => [
        `${visibleLine(first.file)}:${first.line}`,
        more === 0 ? reason : `and ${plural(more, 'more place')}: ${reason}`,
      ]),
      sheet,
    ),
    summaryBlock(result.summary, { paint: sheet.paint, width }),
    closing(result, sheet),
  ].filter((block) => block !== '');
  return blocks.length === 0 ? '' : neutralise(`${blocks.join('\n\n')}\n`);
}

function fileBlock(
  file: string,
  findings: readonly Finding[],
  sheet: Sheet,
  explained: Set<string> | undefined,
): string {
  const title = beside([STYLE.bold, visibleLine(file)], [STYLE.dim, tally(findings)], '', sheet);
  const told = new Set<string>();
  const blocks = findings.map((finding) => {
    if (explained?.has(finding.ruleId)) {
      const fix = explained.has(finding.fix) ? '' : finding.fix;
      explained.add(finding.fix);
      return [...headOf(finding, sheet), ...labelled('instead', fix, sheet)].join('\n');
    }
    explained?.add(finding.ruleId).add(finding.fix);
    // The same reason is not told twice under one file.
    const why = told.has(finding.why) ? '' : finding.why;
    told.add(finding.why);
    return findingBlock(finding, why, sheet);
  });
  return [title, ...blocks].join('\n\n');
}

/** What it is, where, and what is said of it. */
function headOf(finding: Finding, sheet: Sheet): string[] {
  const { paint, compact, measure } = sheet;
  const indent = compact ? '' : '  ';
  const place = `${visibleLine(finding.file)}:${finding.line}:${finding.column}`;
  const seen = finding.stage === 'executed' ? ' (seen when it ran)' : '';
  const what = `${finding.severity} ${visibleLine(finding.ruleId)}${seen}`;
  return [
    indent + beside([STYLE[finding.severity], what], [STYLE.dim, place], indent, sheet),
    ...wrap(finding.message, measure - indent.length).map((line) => indent + paint(STYLE.bold, line)),
  ];
}

function findingBlock(finding: Finding, why: string, sheet: Sheet): string {
  const indent = sheet.compact ? '' : '  ';
  const lines = [
    ...headOf(finding, sheet),
    ...codeLines(finding, sheet),
    ...labelled('why', inShort(why, 240), sheet),
    ...labelled('instead', finding.fix, sheet),
  ];
  if (finding.helpUrl !== '')
    lines.push(`${indent}${label('help', sheet)}${sheet.paint(STYLE.link, visibleLine(finding.helpUrl))}`);
  return lines.join('\n');
}

/** Two texts on one line where they fit, else one below the other. */
function beside(
  left: readonly [string, string],
  right: readonly [string, string],
  indent: string,
  { paint, options }: Sheet,
): string {
  const fits = displayWidth(`${indent}${left[1]}  ${right[1]}`) <= options.width;
  return paint(...left) + (fits ? '  ' : `\n${indent}`) + paint(...right);
}

function codeLines(finding: Finding, sheet: Sheet): string[] {
  const source = sheet.options.source?.(finding.file);
  if (!source) return [];
  const digits = String(finding.endLine + 1).length;
  const indent = sheet.compact ? '' : '  ';
  const gutter = indent.length + digits + 5;
  const rows = frame(source, finding, {
    width: Math.max(20, sheet.options.width - gutter),
    context: sheet.compact ? 0 : 1,
    lines: 8,
    redact: sheet.options.redact,
  });
  const lines = [''];
  for (const row of rows) {
    const mark = row.inside ? sheet.paint(STYLE[finding.severity], '>') : ' ';
    const number = String(row.number ?? '').padStart(digits);
    lines.push(`${indent}${mark} ${sheet.paint(STYLE.dim, `${number} │`)} ${row.text}`.trimEnd());
    if (row.marks !== undefined) {
      const bar = sheet.paint(STYLE.dim, `${' '.repeat(digits)} │`);
      lines.push(`${indent}  ${bar} ${sheet.paint(STYLE[finding.severity], row.marks)}`);
    }
  }
  return [...lines, ''];
}

function labelled(name: string, text: string, sheet: Sheet): string[] {
  if (text.trim() === '') return [];
  const indent = sheet.compact ? '' : '  ';
  const hang = sheet.compact ? '  ' : ' '.repeat(11);
  const lines = wrap(text, sheet.measure - hang.length);
  if (sheet.compact) return [`${label(name, sheet)}`.trimEnd(), ...lines.map((line) => hang + line)];
  return lines.map((line, index) => (index === 0 ? `${indent}${label(name, sheet)}${line}` : hang + line));
}

function label(name: string, sheet: Sheet): string {
  return sheet.paint(STYLE.dim, `${name}:`) + ' '.repeat(sheet.compact ? 1 : Math.max(1, 8 - name.length));
}

function refutedBlock(result: Result, sheet: Sheet): string {
  return listBlock(
    'refuted, and so not counted',
    result.refuted.map((finding) => [
      `${visibleLine(finding.file)}:${finding.line}  ${visibleLine(finding.ruleId)}`,
      finding.because,
    ]),
    sheet,
  );
}

function listBlock(title: string, entries: readonly (readonly string[])[], sheet: Sheet): string {
  if (entries.length === 0) return '';
  const lines = [sheet.paint(STYLE.bold, title)];
  for (const [place = '', text = ''] of entries) {
    const oneLine = `  ${place}  ${visibleLine(text)}`;
    if (displayWidth(oneLine) <= sheet.measure) lines.push(oneLine);
    else lines.push(`  ${place}`, ...wrap(text, sheet.measure - 4).map((line) => `    ${line}`));
  }
  return lines.join('\n');
}

function closing(result: Result, sheet: Sheet): string {
  const lines: string[] = [];
  const went =
    result.reasonCode === 'clean' ||
    result.reasonCode === 'findings' ||
    result.reasonCode === 'nothing-to-do';
  if (result.message !== undefined) {
    const [first = '', ...rest] = wrap(went ? result.message : `error: ${result.message}`, sheet.measure);
    lines.push(went ? first : first.replace(/^error/, (word) => sheet.paint(STYLE.error, word)), ...rest);
  }
  if (result.next !== undefined) lines.push(`${sheet.paint(STYLE.dim, 'next:')} ${visible(result.next)}`);
  if (result.shadow) {
    const { kind, because } = result.shadow;
    const told = wrap(visibleLine(`shadow database: ${kind}; ${because}`), sheet.measure);
    lines.push(...told.map((line) => sheet.paint(STYLE.dim, line)));
  }
  const summary = summaryLine(result);
  if (summary !== '') lines.push(sheet.paint(STYLE.bold, summary));
  return lines.join('\n');
}

/** "3 errors, 1 warning in 2 of 14 migrations · 41 statements · layout airlock (why)"; empty where nothing was checked. */
export function summaryLine(result: Result): string {
  const { checked, layout, findings } = result;
  if (!checked && findings.length === 0) return '';
  if (checked?.migrations === 0 && findings.length === 0 && result.notAnalysed.length === 0) return '';
  const parts = [verdict(result)];
  if (checked) parts.push(plural(checked.statements, 'statement'));
  if (checked && checked.history > 0) parts.push(`against ${plural(checked.history, 'earlier migration')}`);
  if (result.notAnalysed.length > 0) parts.push(`${thousands(result.notAnalysed.length)} not analysed`);
  if (layout) parts.push(visibleLine(`layout ${layout.id} (${layout.why})`));
  return parts.join(' · ');
}

function verdict({ findings, checked }: Result): string {
  const total = checked ? plural(checked.migrations, 'migration') : '';
  if (checked?.migrations === 0 && findings.length === 0) return 'no migration was checked';
  if (findings.length === 0) return `no problems found in ${total}`;
  const concerned = migrationsConcerned(findings);
  if (!checked) return tally(findings);
  return `${tally(findings)} in ${thousands(Math.min(concerned, checked.migrations))} of ${total}`;
}
