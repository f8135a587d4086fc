import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Configuration, DEFAULTS } from '../../src/configuration/configuration.ts';
import { type OpenedShadow, openShadow } from '../../src/open-shadow.ts';
import type { Furnishing } from '../../src/proof/database-shadow.ts';
import { proofSources } from '../../src/proof-sources.ts';
import { prover } from '../../src/prove-folder.ts';
import type { Finding, Result } from '../../src/report/result.ts';
import { checkProject } from '../../src/validate-project.ts';

export interface ProjectToProve {
  /** Migrations that were merged before, each one file. */
  readonly history?: readonly string[] | undefined;
  /** Migrations of the change: whole texts, without the markers where there is no down. */
  readonly change: readonly string[];
  /** Further files of the folder, by name. */
  readonly others?: Readonly<Record<string, string>> | undefined;
  /** What another tool makes before the migrations. */
  readonly prepare?: string;
  readonly configuration?: Partial<Configuration>;
  /** Text of the sizes file. */
  readonly sizes?: Readonly<Record<string, { readonly rows: number }>> | undefined;
}

export type Open = (furnishing: Furnishing) => Promise<OpenedShadow>;

/** Opens chambers of a program that was built for the test. */
export function embeddedBy(program: string): Open {
  return (furnishing) =>
    openShadow({ wanted: { ...DEFAULTS.shadow, kind: 'embedded' }, program, furnishing, env: {} });
}

/** A repository in a temporary folder is checked and proven, as a pull request would be. */
export async function proveProject(
  open: Open,
  { history = [], change, others = {}, prepare, configuration, sizes }: ProjectToProve,
): Promise<Result> {
  const shadow = { ...DEFAULTS.shadow, prepare: prepare === undefined ? [] : ['prepare.sql'] };
  const root = mkdtempSync(join(tmpdir(), 'airlock-verdict-'));
  const write = (path: string, text: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return path;
  };
  try {
    for (const [at, sql] of history.entries()) write(`migrations/00${at + 1}_before.sql`, migration(sql));
    const added = change.map((sql, at) => write(`migrations/${100 + at}_change.sql`, migration(sql)));
    for (const [name, text] of Object.entries(others)) write(`migrations/${name}`, text);
    if (sizes) write('sizes.json', JSON.stringify({ tables: sizes }));
    const { result } = await checkProject({
      root,
      configuration: {
        ...DEFAULTS,
        directories: ['migrations'],
        layout: 'airlock',
        ...(sizes ? { sizes: 'sizes.json' } : {}),
        ...configuration,
      },
      change: { added, modified: [], removed: [], renamed: [] },
      prove: prover(open, () => proofSources(shadow, async () => ({ text: prepare ?? '' }))),
    });
    return result;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Airlock's own format, with as much of it as a test cares for. */
function migration(sql: string): string {
  return /^-- (?:UP|@metadata)\b/m.test(sql) ? sql : `-- UP\n${sql}\n`;
}

/** The findings of these rules, as "rule-id stage severity". */
export function told({ findings }: Pick<Result, 'findings'>, ...rules: readonly string[]): string[] {
  return findings
    .filter(({ ruleId }) => rules.includes(ruleId))
    .map(({ ruleId, stage, severity }) => `${ruleId} ${stage} ${severity}`);
}

export function findingOf({ findings }: Pick<Result, 'findings'>, ruleId: string): Finding {
  const found = findings.find((each) => each.ruleId === ruleId);
  if (!found) throw new Error(`${ruleId} is not among ${findings.map((each) => each.ruleId).join(', ')}`);
  return found;
}
