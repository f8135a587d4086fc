import type { Configuration } from '../configuration/configuration.ts';
import type { Known } from '../configuration/parse.ts';
import type { Finding } from '../report/result.ts';
import { helpUrl } from '../validation/raised.ts';
import { problemLines } from './base-configuration.ts';
import type { ChangedFile } from './changed-files.ts';

const RULE = 'configuration-changed';

export interface ConfigurationChangeSettings {
  readonly files: readonly ChangedFile[];
  /** Where the configuration file may stand. */
  readonly paths: readonly string[];
  readonly configuration: Configuration;
  readonly known: Known;
  /** Text of a file as the change leaves it. */
  readonly contentAtHead: (path: string) => Promise<string | undefined>;
}

/** The change wants to be judged by other rules from now on: said, checked for mistakes, and not obeyed yet. */
export async function configurationChanged(settings: ConfigurationChangeSettings): Promise<Finding[]> {
  const { paths, configuration } = settings;
  const severity = configuration.rules.get(RULE)?.severity ?? 'warning';
  if (severity === 'off') return [];
  const findings: Finding[] = [];
  const { sizes, shadow } = configuration;
  for (const watched of new Set([...paths, sizes, shadow.snapshot, ...shadow.prepare])) {
    const file = settings.files.find((entry) => entry.path === watched || entry.previousPath === watched);
    if (watched === undefined || file === undefined) continue;
    const broken = paths.includes(watched) ? await mistakes(file, watched, settings) : '';
    findings.push({
      ruleId: RULE,
      severity: broken === '' ? severity : 'error',
      stage: 'static',
      file: watched,
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      message: `This change ${did(file, watched)} "${watched}". ${judged(watched === sizes)}${broken}`,
      why: 'Rules that a change could loosen for itself would protect nothing. The new text counts from the merge on.',
      fix:
        broken === ''
          ? 'Review this file on its own, or merge it in a change without migrations.'
          : `Correct "${watched}".`,
      helpUrl: helpUrl(RULE),
    });
  }
  return findings;
}

function judged(sizes: boolean): string {
  return sizes ? 'It was judged with the sizes that it brings.' : "It was judged by the base commit's.";
}

function did(file: ChangedFile, watched: string): string {
  if (file.status === 'renamed')
    return file.path === watched ? 'moves a file to' : `moves (to "${file.path}")`;
  return { added: 'adds', modified: 'edits', removed: 'removes' }[file.status];
}

async function mistakes(
  file: ChangedFile,
  path: string,
  { known, contentAtHead }: ConfigurationChangeSettings,
): Promise<string> {
  const text = file.path === path && file.status !== 'removed' ? await contentAtHead(path) : undefined;
  if (text === undefined) return '';
  const { parseConfiguration } = await import('../configuration/parse.ts');
  const parsed = parseConfiguration(text, { path, known });
  return parsed.ok
    ? ''
    : ` The new text is wrong and would stop every later run:\n${problemLines(parsed.problems)}`;
}
