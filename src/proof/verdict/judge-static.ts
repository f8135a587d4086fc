import { plural } from '../../report/order.ts';
import type { Claim, Rule } from '../../rules/rule.ts';
import { quoted } from '../../rules/shared/names.ts';
import { lockMode } from '../../sql/locks.ts';
import type { Raised } from '../../validation/raised.ts';
import { displayObject } from '../catalog/words.ts';
import type { Proven } from '../prove-migration.ts';
import { errorText } from '../told-statements.ts';
import { isOnNewOnly, sightOf, tablesWithRows } from './claims.ts';
import {
  blocksReads,
  blocksWrites,
  type RanStatement,
  tablesReadUnderLock,
  tablesRewritten,
} from './ran-statement.ts';
import { afterRunning } from './unread.ts';

/** What running a statement made of a finding that was raised without running it. */
export type Verdict =
  | { readonly status: 'confirmed'; readonly raised: Raised; readonly seen: readonly Claim[] }
  | { readonly status: 'refuted'; readonly raised: Raised; readonly because: string }
  /** It stays as it was, or is told with what speaks against it. */
  | { readonly status: 'open'; readonly raised: Raised };

export interface Ground {
  readonly rules: ReadonlyMap<string, Rule>;
  /** Major version that the shadow is of, and that of the target where it is known. */
  readonly ranOn: number;
  readonly target?: number | undefined;
  /** Whether a rule's examples were measured to do the same on both major versions; undefined: not measured. */
  readonly sameOn: (ruleId: string, major: number, other: number) => boolean | undefined;
}

/** Judges a finding about one statement by what that statement did. */
export function judgeStatic(raised: Raised, ran: RanStatement, proven: Proven, ground: Ground): Verdict {
  const server = `PostgreSQL ${proven.proof.serverVersion}`;
  if (raised.unread) return { status: 'open', raised: afterRunning(raised, ran, server) };
  const claims = raised.claims ?? ground.rules.get(raised.ruleId)?.claims ?? [];
  if (claims.length === 0) return { status: 'open', raised };
  const sights = claims.map((claim) => ({ claim, sight: sightOf(claim, ran, proven) }));
  const seen = sights.flatMap(({ claim, sight }) => (sight === 'seen' ? [claim] : []));
  if (seen.length > 0)
    return {
      status: 'confirmed',
      raised: {
        ...raised,
        stage: 'executed',
        foretold: seen.includes('fails') || seen.includes('fails-on-rows'),
        message: `${raised.message} Seen in the shadow database (${server})${ofActions(ran)}: ${whatWasSeen(ran, proven, seen)}.`,
      },
      seen,
    };
  if (sights.some(({ sight }) => sight === 'unknown'))
    return { status: 'open', raised: onCatalog(raised, ran) };
  // Whether a branch of a body is taken may be another matter on the target.
  if (raised.inBody) return { status: 'open', raised };
  const against = `${how(ran, proven, server)}: ${[...new Set(claims.map((claim) => DENIED[claim]))].join(', ')}`;
  const { ranOn, target } = ground;
  if (target === undefined || target === ranOn || ground.sameOn(raised.ruleId, ranOn, target) === true)
    return { status: 'refuted', raised, because: against };
  return {
    status: 'open',
    raised: {
      ...raised,
      message: `${raised.message} What was seen speaks against it (${against}), but the target is PostgreSQL ${target}, for which that does not count.`,
    },
  };
}

/** The server does all actions of an ALTER TABLE under one lock and in one pass: nobody can see which of them it was. */
function ofActions({ statement }: RanStatement): string {
  const actions = statement?.kind === 'alter-table' ? statement.actions.length : 1;
  return actions > 1 ? ` of this statement as a whole, with its ${actions} actions` : '';
}

/** What it speaks of stood in the real catalog, though more was not to be seen. */
function onCatalog(raised: Raised, { held, proven }: RanStatement): Raised {
  return proven.error === undefined && held.some(({ own, basis }) => own && basis !== 'static')
    ? { ...raised, stage: 'catalog' }
    : raised;
}

const DENIED: Readonly<Record<Claim, string>> = {
  rewrites: 'not written anew',
  scans: 'not read whole under a lock that blocks writes',
  'blocks-reads': 'no lock that blocks reads',
  'blocks-writes': 'no lock that blocks writes',
  fails: 'no error',
  'fails-on-rows': 'no error',
};

function how(ran: RanStatement, proven: Proven, server: string): string {
  const [relation] = ran.statement?.relations ?? [];
  if (relation && isOnNewOnly(ran))
    return `${quoted(relation)} did not exist before this migration (ran on ${server})`;
  const { rowsPerTable } = proven.proof.populated;
  const rows = tablesWithRows(ran, proven).map(
    (name) => `${plural(rowsPerTable[name] ?? 0, 'row')} in ${displayObject(name)}`,
  );
  return `ran on ${server}${rows.length > 0 ? ` with ${rows.join(' and ')}` : ''}`;
}

/** "ACCESS EXCLUSIVE on orders, written anew". */
function whatWasSeen(ran: RanStatement, { up, failsOnRowsOnly }: Proven, seen: readonly Claim[]): string {
  const failed = seen.includes('fails') || seen.includes('fails-on-rows');
  const error = failed && up.status === 'failed' ? errorText(up.error) : undefined;
  const failure =
    error === undefined ? [] : [`${failsOnRowsOnly ? 'with rows in the tables ' : ''}it failed: ${error}`];
  // It did nothing else, then.
  if (failure.length > 0 && seen.length === 1) return failure.join();
  const written = tablesRewritten(ran);
  const read = tablesReadUnderLock(ran);
  const told = ran.held.filter(
    seen.includes('blocks-reads') && !seen.includes('blocks-writes') ? blocksReads : blocksWrites,
  );
  const locks = told.map(({ relation, mode, line, own }) => {
    const work = written.includes(relation)
      ? ', written anew'
      : read.includes(relation)
        ? ', read whole'
        : '';
    return `${lockMode(mode)} on ${displayObject(relation)}${own ? '' : ` (kept since line ${line})`}${work}`;
  });
  const others = ran.proven.rewrites
    .filter((name) => !written.includes(name))
    .map((name) => `${displayObject(name)} written anew`);
  const all = [...failure, ...new Set([...locks, ...others])];
  return all.length > MOST
    ? `${all.slice(0, MOST).join('; ')}; and ${all.length - MOST} more`
    : all.join('; ');
}

/** Relations told in one sentence. */
const MOST = 3;
