import type { SourceFile } from '../sql/source.ts';
import { fingerprints } from './fingerprint.ts';
import { safeJson } from './json.ts';
import { worstFirst } from './order.ts';
import type { Finding, Result } from './result.ts';
import { type RuleText, sarifRules } from './sarif-rules.ts';
import { clip, visible } from './visible.ts';

export interface SarifOptions {
  readonly rules: readonly RuleText[];
  /** Airlock's own version. */
  readonly version: string;
  readonly informationUri?: string | undefined;
  /** For fingerprints that stay when lines move. */
  readonly source?: ((file: string) => SourceFile | undefined) | undefined;
}

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;

/** Other readers do not show the property `stage`. */
const SEEN = 'This was seen when it ran in a shadow database.';

/** GitHub refuses a run with more (docs.github.com, "SARIF results exceed one or more limits"). */
const MAX_RESULTS = 25_000;

/**
 * SARIF 2.1.0 for code scanning and other readers. Ignores are told as notifications, not as suppressed
 * results: GitHub does not know `suppressions` and would open an alert for each (github/codeql-action 1230). So are
 * refuted findings, which the standard would have as results of kind `pass` (3.27.9): GitHub opens alerts for those
 * too (microsoft/PSRule 955).
 */
export function renderSarif(result: Result, options: SarifOptions): string {
  const findings = result.findings.toSorted(worstFirst).slice(0, MAX_RESULTS);
  const rules = sarifRules(options.rules, result.findings);
  const index = new Map(rules.map((rule, at) => [rule.id, at]));
  const prints = fingerprints(findings, options.source);
  const left = result.findings.length - findings.length;
  return safeJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Airlock',
            semanticVersion: options.version,
            ...(options.informationUri === undefined ? {} : { informationUri: options.informationUri }),
            rules,
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        invocations: [
          {
            executionSuccessful: ['clean', 'findings', 'nothing-to-do'].includes(result.reasonCode),
            toolExecutionNotifications: [
              ...(left > 0
                ? [
                    notification(
                      'warning',
                      `${left} more findings were left out: a run holds ${MAX_RESULTS}.`,
                    ),
                  ]
                : []),
              ...(result.message === undefined ? [] : [notification('note', result.message)]),
              ...result.notAnalysed.map((entry) =>
                notification('warning', `Not analysed: ${entry.reason}`, entry.file, entry.line),
              ),
              ...result.refuted.map((finding) =>
                notification(
                  'note',
                  `Refuted when it ran: ${finding.ruleId}. ${finding.because}`,
                  finding.file,
                  finding.line,
                ),
              ),
              ...result.ignores.map((ignore) =>
                notification(
                  'note',
                  `Ignored: ${ignore.ruleId}, ${ignore.suppressed} finding(s) held back. ${ignore.reason}`,
                  ignore.file,
                  ignore.line,
                ),
              ),
            ],
          },
        ],
        results: findings.map((finding, at) =>
          sarifResult(finding, index.get(finding.ruleId) ?? 0, prints[at] ?? ''),
        ),
      },
    ],
  });
}

function sarifResult(finding: Finding, ruleIndex: number, fingerprint: string): unknown {
  const { replacement } = finding;
  return {
    ruleId: finding.ruleId,
    ruleIndex,
    level: LEVEL[finding.severity],
    message: {
      text: messageText(
        [
          finding.message,
          ...(finding.stage === 'executed' ? [SEEN] : []),
          ...(finding.fix === '' ? [] : [`Instead: ${finding.fix}`]),
        ].join('\n'),
      ),
    },
    locations: [{ physicalLocation: { artifactLocation: artifact(finding.file), region: region(finding) } }],
    // Not `primaryLocationLineHash`: GitHub's upload action computes that one, and warns of any other value in it.
    partialFingerprints: { 'airlock/v1': fingerprint },
    ...(replacement
      ? {
          fixes: [
            {
              description: { text: messageText(replacement.title ?? (finding.fix || 'Rewrite')) },
              artifactChanges: [
                {
                  artifactLocation: artifact(finding.file),
                  replacements: [
                    { deletedRegion: region(replacement), insertedContent: { text: replacement.text } },
                  ],
                },
              ],
            },
          ],
        }
      : {}),
    properties: {
      stage: finding.stage,
      ...(finding.migrationId === undefined ? {} : { migrationId: finding.migrationId }),
    },
  };
}

function notification(level: 'warning' | 'note', text: string, file?: string, line = 1): unknown {
  const location = file
    ? [{ physicalLocation: { artifactLocation: artifact(file), region: { startLine: Math.max(1, line) } } }]
    : [];
  return {
    level,
    message: { text: messageText(text) },
    ...(location.length > 0 ? { locations: location } : {}),
  };
}

/** Relative to the repository, each segment percent-encoded (SARIF 2.1.0, 3.4.4). */
function artifact(file: string): { uri: string; uriBaseId: string } {
  const uri = file.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: '%SRCROOT%' };
}

function region(place: Pick<Finding, 'line' | 'column' | 'endLine' | 'endColumn'>): unknown {
  const startLine = Math.max(1, place.line);
  const startColumn = Math.max(1, place.column);
  const endLine = Math.max(startLine, place.endLine);
  const endColumn = Math.max(endLine === startLine ? startColumn : 1, place.endColumn);
  return { startLine, startColumn, endLine, endColumn };
}

/** Plain text in which nothing is an embedded link or a placeholder (SARIF 2.1.0, 3.11.5 and 3.11.6). */
function messageText(text: string): string {
  return clip(visible(text), 8_000)
    .replace(/\](?=\()/g, '] ')
    .replace(/\{(\d+)\}/g, '{{$1}}');
}
