import type { MarkdownOptions } from './markdown.ts';
import { ICON, ruleLink } from './markdown-finding.ts';
import { code, inline, link, prose } from './markdown-text.ts';
import { byReason, migrationsConcerned, plural, tally, thousands } from './order.ts';
import { ranLine } from './proof-head.ts';
import type { Result } from './result.ts';

/** The verdict in one line, and below it what was looked at. */
export function headline(result: Result): string {
  return [`### ${verdict(result)}`, ranLine(result), checkedLine(result)]
    .filter((line) => line !== '')
    .join('\n\n');
}

function verdict(result: Result): string {
  const { findings, checked, reasonCode } = result;
  if (reasonCode === 'nothing-to-do') return '⚪ Airlock: no migrations to check';
  if (reasonCode !== 'clean' && reasonCode !== 'findings') return '❌ Airlock could not check this';
  if (findings.length > 0) {
    const icon = findings.some((finding) => finding.severity === 'error')
      ? ICON.error
      : findings.some((finding) => finding.severity === 'warning')
        ? ICON.warning
        : ICON.info;
    const place = checked
      ? ` in ${thousands(Math.min(migrationsConcerned(findings), checked.migrations))} of ${plural(checked.migrations, 'migration')}`
      : '';
    return `${icon} Airlock: ${tally(findings)}${place}`;
  }
  // Silence never means safe: what was not looked at must not hide behind a green mark.
  const blind = result.notAnalysed.length;
  if (blind > 0)
    return `${ICON.warning} Airlock: no problems found, but ${plural(blind, 'place')} not analysed`;
  return `✅ Airlock: no problems found${checked ? ` in ${plural(checked.migrations, 'migration')}` : ''}`;
}

function checkedLine({ checked, layout, message, reasonCode }: Result): string {
  const lines: string[] = [];
  if (message !== undefined) lines.push(`${prose(message)} (${code(reasonCode)})`);
  if (checked && checked.migrations > 0) {
    const history =
      checked.history > 0 ? `, judged against ${plural(checked.history, 'earlier migration')}` : '';
    const how = layout
      ? ` · ${code(layout.directory)} read as ${inline(layout.id)} (${inline(layout.why, 200)})`
      : '';
    lines.push(
      `Checked ${plural(checked.statements, 'statement')} in ${plural(checked.files, 'file')}${history}${how}.`,
    );
  }
  return lines.join('\n\n');
}

/** What is not a finding but belongs to the verdict: not analysed, ignored, refuted; at most `entries` of each. */
export function asides(result: Result, options: MarkdownOptions, entries: number): string[] {
  const at = (file: string, line: number): string =>
    link(`${inline(file, 200)}:${line}`, options.link?.(file, line, line));
  return [
    list(
      '⚪ Not analysed',
      byReason(result.notAnalysed).map(
        ({ first, more, reason }) =>
          `${at(first.file, first.line)}${more === 0 ? '' : ` and ${plural(more, 'more place')}`} — ${prose(reason, 400)}`,
      ),
      entries,
      { total: result.notAnalysed.length },
    ),
    list(
      '🙈 Ignores in force',
      result.ignores.map(
        (ignore) =>
          `${inline(ignore.ruleId, 100)} at ${at(ignore.file, ignore.line)}, holding back ${plural(ignore.suppressed, 'finding')} — ${
            ignore.reason.trim() === '' ? 'no reason given' : `“${inline(ignore.reason, 300)}”`
          }`,
      ),
      entries,
    ),
    list(
      '☑️ Suspected, then refuted',
      result.refuted.map(
        (finding) =>
          `${ruleLink(finding)} at ${at(finding.file, finding.line)} — ${prose(finding.because, 400)}`,
      ),
      entries,
      { folded: true },
    ),
  ].filter((block) => block !== '');
}

export function footer(result: Result): string {
  return result.next === undefined ? '' : `**Next:** ${code(result.next, 500)}`;
}

/** Short lists are open: a reviewer must not have to look for what was held back. */
function list(
  title: string,
  items: readonly string[],
  entries: number,
  { total = items.length, folded = items.length > 5 }: { total?: number; folded?: boolean } = {},
): string {
  if (items.length === 0) return '';
  const shown = items.slice(0, entries).map((item) => `- ${item}`);
  if (items.length > entries) shown.push(`- … and ${thousands(items.length - entries)} more`);
  return `<details${folded ? '' : ' open'}><summary>${title} (${thousands(total)})</summary>\n\n${shown.join('\n')}\n\n</details>`;
}
