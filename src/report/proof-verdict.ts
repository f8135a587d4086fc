import { plural, thousands, worstFirst } from './order.ts';
import type { Proof } from './proof-result.ts';
import { blockedBy, failsAt, linesOf, type ProofLine } from './proof-words.ts';
import type { Finding, Result } from './result.ts';
import { clip, visibleLine } from './visible.ts';

/** A proof in a few words, for the head of a report and the title of a migration. */

export interface Verdict {
  readonly text: string;
  readonly level: 'good' | 'warn' | 'bad';
}

/** The worst of a migration in a few words, for a line that has to stand for all. */
export function verdictOf(proof: Proof): Verdict {
  const wrong = linesOf(proof).filter(({ level }) => level === 'bad' || level === 'warn');
  if (wrong.length === 0) return { text: goodVerdict(proof), level: 'good' };
  return {
    text: [...new Set(wrong.map(({ label }) => badVerdict(label, proof)))].join(', '),
    level: wrong.some(({ level }) => level === 'bad') ? 'bad' : 'warn',
  };
}

/** As `verdictOf`, each with what was found besides when it ran; in the order of the proofs. */
export function verdictsOf({ proofs = [], findings }: Pick<Result, 'proofs' | 'findings'>): Verdict[] {
  const seen = new Map<string | undefined, Finding>();
  for (const finding of findings.toSorted(worstFirst))
    if (finding.stage === 'executed' && finding.severity !== 'info' && !seen.has(finding.migrationId))
      seen.set(finding.migrationId, finding);
  return proofs.map((proof) => {
    const verdict = verdictOf(proof);
    const finding = seen.get(proof.migrationId);
    if (verdict.level !== 'good' || finding === undefined) return verdict;
    const level = finding.severity === 'error' ? 'bad' : 'warn';
    return { level, text: `runs, but: ${visibleLine(clip(finding.message, 200)).replace(/\.$/, '')}` };
  });
}

function goodVerdict(proof: Proof): string {
  const { down } = proof;
  const how = down.status === 'ok' ? 'runs up, down and up again' : 'runs';
  const blocked = blockedBy(proof);
  return [
    how,
    ...(down.status === 'missing' ? ['there is no rollback'] : []),
    ...(blocked === undefined ? [] : [`blocks ${blocked.what}`]),
  ].join('; ');
}

function badVerdict(label: ProofLine['label'], { up, down, reapply }: Proof): string {
  switch (label) {
    case 'up':
    case 'rows':
    case 'blocks':
    case 'time':
      return up.ok ? 'fails as soon as there are rows' : `fails${failsAt(up)}`;
    case 'rewrites':
      return 'writes a table anew';
    case 'verify':
      return 'verification fails';
    case 'rollback':
      if (down.status === 'failed') return 'rollback fails';
      return down.status === 'empty' ? 'rollback does nothing' : 'rollback does not restore the schema';
    case 'data':
      return 'rollback loses data';
    case 'again':
      return reapply.error === undefined ? 'is another thing the second time' : 'cannot be applied again';
  }
}

/** "2 migrations were run up, down and up again on PostgreSQL 17.6 (local)": for the head of a report. */
export function provenLine(proofs: readonly Proof[]): string {
  const [first] = proofs;
  if (!first) return '';
  const were = proofs.length === 1 ? 'was' : 'were';
  const how = proofs.some(({ down }) => down.status === 'ok') ? ' up, down and up again' : '';
  return `${plural(proofs.length, 'migration')} ${were} run${how} on ${shadowName(first)}`;
}

/** What is to be said of all that went well at once. */
export function wellLine(good: readonly Proof[], of: number): string {
  const restored = good.filter(
    ({ down, roundTrip }) => down.status === 'ok' && roundTrip.status === 'reverts',
  );
  const [who, runs] =
    good.length === of
      ? [of === 1 ? 'it' : 'all of them', of === 1 ? 'runs' : 'run']
      : [
          `the other ${good.length === 1 ? 'one' : thousands(good.length)}`,
          good.length === 1 ? 'runs' : 'run',
        ];
  if (restored.length < good.length) return `${who} ${runs}`;
  return good.length === 1
    ? `${who} runs, and its rollback restores the schema exactly`
    : `${who} run, and their rollbacks restore the schema exactly`;
}

/** "20260601090000 add_orders_note". */
export function titleOf({ migrationId, name }: Pick<Proof, 'migrationId' | 'name'>): string {
  const id = visibleLine(clip(migrationId, 200));
  return name === undefined || name === '' || migrationId.includes(name)
    ? id
    : `${id} ${visibleLine(clip(name, 100))}`;
}

/** "PostgreSQL 18.6 (embedded)". */
export function shadowName({ shadow, serverVersion }: Pick<Proof, 'shadow' | 'serverVersion'>): string {
  return `PostgreSQL ${visibleLine(clip(serverVersion, 60))} (${shadow})`;
}
