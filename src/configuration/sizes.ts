import * as z from 'zod/mini';
import { snapshotHeader } from '../migration/snapshot-header.ts';
import type { TableStatistics, Target } from '../rules/rule.ts';
import { SourceFile } from '../sql/source.ts';
import type { ServerVersion } from './configuration.ts';
import { dataProblems } from './messages.ts';
import type { ConfigurationProblem } from './parse.ts';
import { checked } from './schema-values.ts';
import { serverVersion } from './values.ts';
import { readYaml } from './yaml.ts';

const figure = () => z.optional(z.number().check(z.nonnegative()));

/** The sizes file. */
const sizesSchema = z.strictObject({
  serverVersion: z.optional(checked(z.union([z.string(), z.number()]), serverVersion)),
  activeConnections: figure(),
  replicas: figure(),
  /** When `airlock snapshot` measured it. */
  takenAt: z.optional(z.string()),
  /** For the base state of proofs: what the target's history says. */
  history: z.optional(z.unknown()),
  /** Bytes. */
  freeDiskBytes: figure(),
  /** By `schema.table`; without a schema `public` is meant. */
  tables: z.record(
    z.string().check(z.minLength(1)),
    z.strictObject({
      rows: figure(),
      bytes: figure(),
      writesPerSecond: figure(),
      callsPerSecond: figure(),
      toastBytes: figure(),
      /** When the rows were counted by ANALYZE or autovacuum. */
      lastAnalyze: z.optional(z.string()),
    }),
  ),
});

export type ParsedSizes =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] };

const MOST_CHARACTERS = 20_000_000;
const MOST_PROBLEMS = 100;

/**
 * Text of the sizes file (JSON), or of a snapshot, to what rules know of the target. A `targetVersion` of the configuration
 * goes before the file's. Import this module lazily: it brings yaml and zod. Pure.
 */
export function parseSizes(
  written: string,
  path: string,
  targetVersion?: ServerVersion | undefined,
): ParsedSizes {
  // A snapshot has them in a comment, at the places where they stand in the file.
  const text = snapshotHeader(written)?.json ?? written;
  const refuse = (problems: readonly Omit<ConfigurationProblem, 'path'>[]): ParsedSizes => ({
    ok: false,
    problems: problems.slice(0, MOST_PROBLEMS).map((problem) => ({ path, ...problem })),
  });
  if (written.length > MOST_CHARACTERS)
    return refuse([{ line: 1, column: 1, message: 'is larger than 20 MB' }]);
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return refuse([jsonProblem(path, text, error instanceof Error ? error.message : String(error))]);
  }
  const parsed = z.safeParse(sizesSchema, data);
  if (parsed.success) return { ok: true, target: targetOf(parsed.data, targetVersion) };
  const found = dataProblems(parsed.error.issues, sizesSchema, data).slice(0, MOST_PROBLEMS);
  // JSON is YAML too, and yaml knows places. It is slow, hence only for a file that is wrong and not too large.
  const places = text.length <= 1_000_000 ? readYaml(text) : [];
  return refuse(
    found.map(({ path: at, at: where, message }) => ({
      ...('locate' in places ? places.locate(at, where) : { line: 1, column: 1 }),
      message,
    })),
  );
}

function targetOf(sizes: z.output<typeof sizesSchema>, targetVersion: ServerVersion | undefined): Target {
  const { serverVersion: measured, tables, takenAt: _, history: __, ...figures } = sizes;
  const entries = Object.entries(tables).map(
    ([name, { lastAnalyze: ___, ...table }]): [string, TableStatistics] => [
      name.includes('.') ? name : `public.${name}`,
      table,
    ],
  );
  const asked =
    targetVersion && (targetVersion.serverVersion !== undefined || targetVersion.major !== measured?.major);
  return { ...(asked ? targetVersion : measured), ...figures, tables: new Map(entries) };
}

function jsonProblem(path: string, text: string, message: string): Omit<ConfigurationProblem, 'path'> {
  // V8 says "at position N" for some mistakes, nothing for a token where a value should be.
  const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? firstUnexpected(text));
  const what = offset >= text.length ? 'it ends in the middle' : `unexpected ${JSON.stringify(text[offset])}`;
  return { ...new SourceFile(path, text).position(offset), message: `is not valid JSON: ${what}` };
}

const TOKEN = /[\s\uFEFF]*([{}[\],:]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/y;

/** Offset of the first thing that is no token, or that stands where a value should; the end where there is none. */
function firstUnexpected(text: string): number {
  TOKEN.lastIndex = 0;
  let before = ':';
  for (let at = 0; ; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) return at + (/^[\s\uFEFF]*/.exec(text.slice(at, at + 1_000))?.[0].length ?? 0);
    const noValue = token === ':' || token === ',' || token === '}' || (token === ']' && before !== '[');
    if (noValue && (before === ':' || before === ',' || before === '[')) return TOKEN.lastIndex - 1;
    before = token;
  }
}
