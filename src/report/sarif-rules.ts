import { fence, prose, safeUrl } from './markdown-text.ts';
import type { Finding } from './result.ts';
import { clip, visible, visibleLine } from './visible.ts';

/** What a report says of a rule beyond its findings. */
export interface RuleText {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly safeAlternative: string;
  readonly severity: 'error' | 'warning' | 'info' | 'off';
}

interface ReportingDescriptor {
  readonly id: string;
  readonly [property: string]: unknown;
}

const LEVEL = { error: 'error', warning: 'warning', info: 'note', off: 'none' } as const;
const PROBLEM = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
  off: 'recommendation',
} as const;

/** GitHub shows at most 1,024 characters of a description. */
const DESCRIPTION = 1_000;

/** By id; rules that only findings name are described from their first finding. */
export function sarifRules(rules: readonly RuleText[], findings: readonly Finding[]): ReportingDescriptor[] {
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const help = new Map<string, string>();
  for (const finding of findings) {
    const address = safeUrl(finding.helpUrl);
    if (address !== undefined && !help.has(finding.ruleId)) help.set(finding.ruleId, address);
    if (known.has(finding.ruleId)) continue;
    known.set(finding.ruleId, {
      id: finding.ruleId,
      title: finding.ruleId,
      why: finding.why,
      safeAlternative: finding.fix,
      severity: finding.severity,
    });
  }
  return [...known.values()]
    .toSorted((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0))
    .map((rule) => descriptor(rule, help.get(rule.id)));
}

function descriptor(rule: RuleText, helpUri: string | undefined): ReportingDescriptor {
  const why = visible(rule.why);
  const instead = visible(rule.safeAlternative);
  return {
    id: rule.id,
    shortDescription: { text: clip(visibleLine(rule.title), DESCRIPTION) },
    fullDescription: { text: clip(why === '' ? visibleLine(rule.title) : why, DESCRIPTION) },
    help: {
      text: `${why}\n\nInstead: ${instead}`,
      markdown: `${prose(rule.why)}\n\n**Instead:** ${/\n/.test(instead.trim()) ? `\n\n${fence(instead, 'sql')}` : prose(instead)}`,
    },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { enabled: rule.severity !== 'off', level: LEVEL[rule.severity] },
    properties: {
      tags: ['database', 'migration'],
      precision: 'high',
      'problem.severity': PROBLEM[rule.severity],
    },
  };
}
