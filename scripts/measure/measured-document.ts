import { readFileSync } from 'node:fs';
import type { Measured, Outcome } from './measure-example.ts';

/** One example on one server. */
export interface Measurement {
  readonly rule: string;
  /** Which of the rule's bad examples, from 0. */
  readonly example: number;
  /** "15", "PGlite". */
  readonly on: string;
  /** "15.18". */
  version: string;
  readonly outcome: Outcome;
}

/** docs/measured.json: for each example what it did, once for all servers on which it did the same. */
export interface MeasuredDocument {
  readonly servers: Readonly<Record<string, string>>;
  readonly rules: Readonly<Record<string, readonly MeasuredExample[]>>;
}

export interface MeasuredExample {
  /** Which of the rule's bad examples, from 0. */
  readonly example: number;
  readonly outcomes: readonly (Outcome & { readonly on: readonly string[] })[];
}

export const DOCUMENT = new URL('../../docs/measured.json', import.meta.url);
/** What the verdict needs of it. */
export const DATA = new URL('../../src/proof/verdict/measured-data.ts', import.meta.url);

export function readMeasured(): MeasuredDocument {
  return JSON.parse(readFileSync(DOCUMENT, 'utf8')) as MeasuredDocument;
}

/** A line for each example. */
export function documentText({ servers, rules }: MeasuredDocument): string {
  const line = (rule: string, examples: readonly MeasuredExample[]): string =>
    `    ${JSON.stringify(rule)}: [\n${examples.map((each) => `      ${JSON.stringify(each)}`).join(',\n')}\n    ]`;
  const all = Object.entries(rules).map(([rule, examples]) => line(rule, examples));
  return `{\n  "servers": ${JSON.stringify(servers)},\n  "rules": {\n${all.join(',\n')}\n  }\n}\n`;
}

/** @param before what stays of it: rules that were not measured this time */
export function measuredDocument(
  measurements: readonly Measurement[],
  before: MeasuredDocument | undefined,
): MeasuredDocument {
  const servers = new Map(Object.entries(before?.servers ?? {}));
  for (const { on, version } of measurements) servers.set(on, version);
  const rules = new Map(Object.entries(before?.rules ?? {}));
  for (const rule of new Set(measurements.map((each) => each.rule))) {
    const own = measurements.filter((each) => each.rule === rule);
    const examples = [...new Set(own.map(({ example }) => example))].sort((a, b) => a - b);
    rules.set(
      rule,
      examples.map((example) => ({
        example,
        outcomes: alike(own.filter((each) => each.example === example)),
      })),
    );
  }
  return {
    servers: Object.fromEntries([...servers].sort(([a], [b]) => a.localeCompare(b))),
    rules: Object.fromEntries([...rules].sort(([a], [b]) => a.localeCompare(b))),
  };
}

function alike(measurements: readonly Measurement[]): MeasuredExample['outcomes'] {
  const groups = new Map<string, { outcome: Outcome; on: string[] }>();
  for (const { on, outcome } of [...measurements].sort((a, b) => a.on.localeCompare(b.on))) {
    const key = JSON.stringify(outcome);
    const group = groups.get(key) ?? { outcome, on: [] };
    group.on.push(on);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ outcome, on }) => ({ on, ...outcome }));
}

/** Findings that claim what did not happen on a server, in words. */
export function wrongClaims({ rules }: MeasuredDocument): string[] {
  return Object.entries(rules).flatMap(([rule, examples]) =>
    examples.flatMap(({ example, outcomes }) =>
      outcomes.flatMap((outcome) =>
        'verdict' in outcome && outcome.verdict === 'refuted'
          ? [`${rule}, bad example ${example}, on ${outcome.on.join(', ')}: ${inWords(outcome)}`]
          : [],
      ),
    ),
  );
}

export function inWords({ locks, rewrites, reads, error, onRowsOnly }: Measured): string {
  const words = [
    ...locks,
    ...(rewrites.length > 0 ? [`writes ${rewrites.join(', ')} anew`] : []),
    ...(reads.length > 0 ? [`reads all of ${reads.join(', ')}`] : []),
    ...(error === undefined ? [] : [`fails with ${error}${onRowsOnly ? ' once there are rows' : ''}`]),
  ];
  return words.length === 0
    ? 'no lock that blocks readers or writers, nothing written anew or read whole'
    : words.join('; ');
}

/** Lock modes and SQLSTATEs that a rule's reason names: "ACCESS EXCLUSIVE", "23505". */
export function namedIn(why: string): string[] {
  const modes = why.match(
    /\b(?:ACCESS EXCLUSIVE|SHARE ROW EXCLUSIVE|SHARE UPDATE EXCLUSIVE|EXCLUSIVE|SHARE)\b/g,
  );
  const codes = why.match(/\b(?=[0-9A-Z]*\d)[0-9][0-9A-Z]{4}\b/g);
  return [...new Set([...(modes ?? []), ...(codes ?? [])])];
}

/** Whether a lock mode or SQLSTATE came of an example on some server. */
export function wasSeen(name: string, examples: readonly MeasuredExample[]): boolean {
  return examples.some(({ outcomes }) =>
    outcomes.some(
      (outcome) =>
        'locks' in outcome &&
        (outcome.error === name || outcome.locks.some((lock) => lock.startsWith(`${name} on `))),
    ),
  );
}

/** What `sameOn` needs, as a module: for each rule the major versions that behave alike in all its examples. */
export function dataModule(document: MeasuredDocument): string {
  const entries = Object.entries(document.rules).flatMap(([rule, examples]) => {
    const groups = versionsAlike(examples);
    const words = groups.map((group) => group.join(' ')).join(' | ');
    return groups.length === 0 ? [] : [`  ['${rule}', '${words}'],`];
  });
  return `// Written by scripts/measure-rules.ts from what was measured: do not edit.

/** By rule: major versions on which all bad examples that claim something did the same, other groups after "|". */
export const measuredAlike: ReadonlyMap<string, string> = new Map([
${entries.join('\n')}
]);
`;
}

function versionsAlike(examples: readonly MeasuredExample[]): number[][] {
  const told = new Map<number, string>();
  for (const { outcomes } of examples)
    for (const outcome of outcomes) {
      if ('notMeasured' in outcome || outcome.verdict === undefined) continue;
      for (const on of outcome.on)
        if (/^\d+$/.test(on))
          told.set(Number(on), `${told.get(Number(on)) ?? ''}${JSON.stringify({ ...outcome, on: [] })}`);
    }
  const groups = new Map<string, number[]>();
  for (const [major, text] of told) groups.set(text, [...(groups.get(text) ?? []), major]);
  return [...groups.values()]
    .map((group) => group.sort((a, b) => a - b))
    .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}
