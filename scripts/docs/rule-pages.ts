import type { Rule, RuleExample, RuleExamples } from '../../src/rules/rule.ts';
import {
  inWords,
  type MeasuredDocument,
  type MeasuredExample,
  namedIn,
  wasSeen,
} from '../measure/measured-document.ts';

const MANUAL = 'https://www.postgresql.org/docs/18/';

/** docs/rules/<id>.md: what `airlock explain` says, with every example. */
export function rulePage(
  rule: Rule,
  { bad, good }: RuleExamples,
  measured: Pick<MeasuredDocument, 'servers'> & { readonly examples: readonly MeasuredExample[] },
): string {
  const parts = [
    `<!-- Written by scripts/docs.ts from src/rules/${rule.id}.ts: do not edit. -->`,
    `# ${rule.id}`,
    `**${rule.title}** · ${severity(rule)}${sections(rule)}`,
    '## Why',
    rule.why +
      (rule.reference === undefined ? '' : ` ([PostgreSQL documentation](${MANUAL}${rule.reference}.html))`),
    '## What to write instead',
    rule.safeAlternative,
    '## Bad',
    ...bad.map(example),
    ...measuredSection(rule, measured),
    '## Good',
    ...good.map(example),
    ...options(rule),
    '## Ignoring it',
    `Write the reason beside the statement; every ignore in force is listed in the report:\n\n\`\`\`sql\n-- @ignore ${rule.id} the table has forty rows\n\`\`\`\n\nOr set its severity in \`migration.config.yml\`:\n\n\`\`\`yaml\nrules:\n  ${rule.id}: off\n\`\`\``,
    ...elsewhere(rule),
  ];
  return `${parts.join('\n\n')}\n`;
}

function severity(rule: Rule): string {
  return rule.severity === 'off' ? 'off by default' : rule.severity;
}

function sections(rule: Rule): string {
  const looked = rule.sections ?? ['up', 'down'];
  if (rule.firedBy === 'reading') return ' · found while the files are read';
  return looked.includes('down') && !rule.keepSeverityInDown && rule.severity !== 'info'
    ? ' · info in downs'
    : looked.includes('down')
      ? ''
      : ' · ups only';
}

function example(given: RuleExample): string {
  const blocks: string[] = [];
  if (given.history?.length)
    blocks.push(`-- earlier migrations\n${given.history.join('\n')}\n\n-- this migration`);
  if (given.noTransaction) blocks.push('-- @no-transaction');
  blocks.push(given.file ?? given.sql);
  if (given.down !== undefined) blocks.push(`-- DOWN\n${given.down}`);
  for (const then of given.then ?? []) blocks.push(`\n-- the next migration of the same change\n${then}`);
  const sql = `\`\`\`sql\n${blocks.join('\n').trim()}\n\`\`\``;
  const notes = [
    given.note,
    given.options && `With the options \`${JSON.stringify(given.options)}\`.`,
    given.runner === 'native' && 'Run by the layout’s own tool (`runner: native`).',
    target(given),
  ].filter(Boolean);
  return notes.length === 0 ? sql : `${sql}\n\n${notes.join(' ')}`;
}

function target(given: RuleExample): string | undefined {
  return given.target === undefined ? undefined : `Target: \`${JSON.stringify(given.target)}\`.`;
}

function options(rule: Rule): string[] {
  if (!rule.options) return [];
  const rows = Object.entries(rule.options).map(
    ([name, option]) =>
      `| \`${name}\` | \`${JSON.stringify(option.default).replaceAll('|', '\\|')}\` | ${option.description} |`,
  );
  return ['## Options', ['| option | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')];
}

function elsewhere(rule: Rule): string[] {
  const known = Object.entries(rule.knownAs ?? {}).map(
    ([tool, names]) => `${tool}: ${names.map((name) => `\`${name}\``).join(', ')}`,
  );
  return known.length === 0 ? [] : ['## Known elsewhere as', `${known.join(' · ')}`];
}

/** What the bad examples did, where the rule says that running them shows something. */
function measuredSection(
  rule: Rule,
  {
    servers,
    examples,
  }: {
    readonly servers: MeasuredDocument['servers'];
    readonly examples: readonly MeasuredExample[];
  },
): string[] {
  if (examples.length === 0) return [];
  const told =
    rule.claims !== undefined ||
    namedIn(rule.why).some((name) => wasSeen(name, examples)) ||
    examples.some(({ outcomes }) =>
      outcomes.some((outcome) => 'verdict' in outcome && outcome.verdict !== undefined),
    );
  if (!told) return [];
  const all = Object.keys(servers).length;
  const rows = examples.flatMap(({ example: at, outcomes }) =>
    outcomes.map((outcome) => {
      const on = outcome.on.length === all ? 'all' : outcome.on.join(', ');
      const what = 'notMeasured' in outcome ? `not measured: ${outcome.notMeasured}` : inWords(outcome);
      return `| ${at + 1} | ${on} | ${what.replaceAll('|', '\\|')} |`;
    }),
  );
  const versions = Object.entries(servers).map(([name, version]) =>
    name === 'PGlite' ? `PGlite (${version})` : version,
  );
  return [
    '## Measured',
    `Each bad example was run with rows in its tables on PostgreSQL ${versions.join(', ')}. Locks are told that keep others from writing or reading a table that was there before.`,
    ['| bad example | on | what it did |', '| --- | --- | --- |', ...rows].join('\n'),
  ];
}

/** docs/rules/README.md. */
export function ruleIndex(rules: readonly Rule[]): string {
  const group = (name: string, title: string): string => {
    const rows = rules
      .filter((rule) => rule.severity === name)
      .map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.title.replaceAll('|', '\\|')} |`);
    return `## ${title} (${rows.length})\n\n| rule | what it finds |\n| --- | --- |\n${rows.join('\n')}`;
  };
  return `<!-- Written by scripts/docs.ts: do not edit. -->\n\n# Rules\n\n${rules.length} rules. Each has its reason, a bad and a good example; every example is checked by a test.\n\n${[
    group('error', 'Errors'),
    group('warning', 'Warnings'),
    group('info', 'Information'),
    group('off', 'Off until they are switched on'),
  ].join('\n\n')}\n`;
}

/** Rules that the README shows first. */
const HIGHLIGHTS = [
  'create-index-concurrently',
  'add-foreign-key-not-valid',
  'set-not-null',
  'add-column-not-null-no-default',
  'change-column-type',
  'add-column-volatile-default',
  'drop-column',
  'foreign-key-missing-index',
  'concurrently-in-transaction',
  'enum-value-used-in-same-transaction',
  'missing-down',
  'merged-migration-edited',
  'non-linear-history',
];

/** The README's short table. */
export function ruleSummary(rules: readonly Rule[]): string {
  const count = (severity: Rule['severity']): number =>
    rules.filter((rule) => rule.severity === severity).length;
  const rows = HIGHLIGHTS.map((id) => {
    const rule = rules.find((each) => each.id === id);
    if (!rule) throw new Error(`The README shows the rule ${id}, which does not exist.`);
    return `| [${id}](docs/rules/${id}.md) | ${rule.title.replaceAll('|', '\\|')} |`;
  });
  return `${rules.length} rules: ${count('error')} errors, ${count('warning')} warnings, ${count('info')} for information, ${count('off')} off until they are switched on. Among them:\n\n| rule | what it finds |\n| --- | --- |\n${rows.join('\n')}`;
}
