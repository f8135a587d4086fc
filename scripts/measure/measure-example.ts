import { type OpenFor, prover } from '../../src/prove-folder.ts';
import type { Proof } from '../../src/report/proof-result.ts';
import { registry } from '../../src/rules/registry.ts';
import type { RuleExample } from '../../src/rules/rule.ts';
import { LOCK_STRENGTH, lockMode } from '../../src/sql/locks.ts';
import type { LockMode } from '../../src/sql/statement.ts';
import { OBEY } from '../../src/validation/apply-suppressions.ts';
import { validateExample } from '../../test/rules/check-example.ts';

/** What one example did on one server. */
export interface Measured {
  /** "ACCESS EXCLUSIVE on orders": the strongest on each relation that was there before, where it blocks readers or writers. */
  readonly locks: readonly string[];
  /** Relations that were there before: written anew; read whole. */
  readonly rewrites: readonly string[];
  readonly reads: readonly string[];
  /** SQLSTATE. */
  readonly error?: string | undefined;
  /** On empty tables it does not fail. */
  readonly onRowsOnly?: true | undefined;
  /** What became of the rule's findings that claim something; left out: there is none. */
  readonly verdict?: 'confirmed' | 'refuted' | 'open' | undefined;
}

export type Outcome = Measured | { readonly notMeasured: string };

/** Runs an example as a pull request would be, with rows in its tables. */
export async function measureExample(ruleId: string, example: RuleExample, open: OpenFor): Promise<Outcome> {
  if (example.folder || example.file)
    return { notMeasured: 'it is about files, not about what a statement does' };
  const { validation, settings } = await validateExample(ruleId, example);
  const prove = prover(open, async () => ({ ok: true, sources: { allowedExtensions: [], prepare: [] } }));
  const proven = await prove(validation, settings, OBEY);
  if ('because' in proven) return { notMeasured: oneLine(proven.because) };
  const facts = factsOf(proven.proofs);
  const [gap] = proven.notAnalysed;
  if (proven.proofs.length === 0) return { notMeasured: oneLine(gap?.reason ?? 'nothing of it was run') };
  const own = registry.get(ruleId)?.claims ?? [];
  const claiming = validation.raised.filter(
    ({ ruleId: of, claims = own }) => of === ruleId && claims.length > 0,
  );
  const verdict = {
    confirmed: proven.raised.some(({ ruleId: of, stage }) => of === ruleId && stage === 'executed'),
    refuted: proven.refuted.some(({ ruleId: of }) => of === ruleId),
  };
  const saysSo = verdict.confirmed ? 'confirmed' : verdict.refuted ? 'refuted' : 'open';
  if (facts.error !== undefined && NAMES_NOTHING.has(facts.error) && !verdict.confirmed)
    return { notMeasured: 'it names what its own statements do not make' };
  return { ...facts, ...(claiming.length > 0 ? { verdict: saysSo } : {}) };
}

/** Undefined schema, table, column, object, function; of the documentation's errcodes-appendix. */
const NAMES_NOTHING: ReadonlySet<string> = new Set(['3F000', '42P01', '42703', '42704', '42883']);

/** Without object identifiers, which are others on each server. */
function oneLine(text: string): string {
  return text
    .replace(/_[ac]_\d+(?=")/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function factsOf(proofs: readonly Proof[]): Omit<Measured, 'verdict'> {
  const strongest = new Map<string, LockMode>();
  const rewrites = new Set<string>();
  const reads = new Set<string>();
  for (const { up } of proofs)
    for (const statement of up.statements) {
      for (const { relation, mode, blocks } of statement.locks) {
        if (!blocks.includes('insert')) continue;
        const spelled = lockMode(mode) as LockMode;
        const before = strongest.get(relation);
        if (before === undefined || LOCK_STRENGTH[before] < LOCK_STRENGTH[spelled])
          strongest.set(relation, spelled);
      }
      for (const relation of statement.rewrites) rewrites.add(relation);
      for (const { relation } of statement.scans) reads.add(relation);
    }
  const failed = proofs.find(({ up, populated }) => !up.ok || !populated.ok);
  const error = /\(([0-9A-Z]{5})\)/.exec(failed?.up.error ?? failed?.populated.error ?? '')?.[1];
  const named = (names: Iterable<string>): string[] => [...names].map(short).sort();
  return {
    locks: [...strongest].map(([relation, mode]) => `${mode} on ${short(relation)}`).sort(),
    rewrites: named(rewrites),
    reads: named(reads),
    ...(error === undefined ? {} : { error }),
    ...(failed?.up.ok ? { onRowsOnly: true } : {}),
  };
}

function short(name: string): string {
  return name.replace(/^public\.(?=.)/, '');
}
