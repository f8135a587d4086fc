import { narrowed } from './narrowed.ts';
import { plural } from './order.ts';
import type { Chain, Proof, ProvenStatement } from './proof-result.ts';
import { duration, named, shown } from './proof-table.ts';
import { clip } from './visible.ts';

/** The proof in words, for every report alike. Texts of the database are cut here and made safe where they are shown. */

export interface ProofLine {
  readonly label: 'up' | 'rows' | 'blocks' | 'time' | 'rewrites' | 'rollback' | 'data' | 'again' | 'verify';
  readonly text: string;
  /** One by one, below the text. */
  readonly items?: readonly string[] | undefined;
  readonly level: Level;
}

/** `note`: neither good nor bad by itself. */
type Level = 'good' | 'note' | 'warn' | 'bad';

/** What a reviewer wants to know, one line each; in the order of the run. */
export function linesOf(proof: Proof): ProofLine[] {
  const { up, verify, dataLoss, reapply, down } = proof;
  const lines = [upLine(proof), ...skippedLines(proof)];
  if (!up.ok) return lines;
  lines.push(blocksLine(proof), ...timeLines(proof), ...rewritesLines(proof));
  if (verify)
    lines.push(
      verify.ok
        ? { label: 'verify', text: 'passes', level: 'good' }
        : { label: 'verify', text: `fails: ${told(verify.error)}`, level: 'bad' },
    );
  lines.push(rollbackLine(proof));
  if (dataLoss.length > 0)
    lines.push({
      label: 'data',
      text: `the rollback does not bring back ${some(dataLoss.map(loss), 5)}`,
      level: 'warn',
    });
  if (down.status === 'ok' && !reapply.ok)
    lines.push({
      label: 'again',
      text:
        reapply.error === undefined
          ? 'a second up makes something else than the first'
          : `a second up fails: ${told(reapply.error)}`,
      level: 'bad',
    });
  return lines;
}

/** Characters of a message of the database. */
const MESSAGE = 600;

function told(error: string | undefined): string {
  return clip(error ?? '', MESSAGE).trim() || 'no reason given';
}

function upLine(proof: Proof): ProofLine {
  const { up, populated } = proof;
  if (!up.ok) {
    return { label: 'up', text: `fails${failsAt(up)}: ${told(up.error)}`, level: 'bad' };
  }
  const rows = rowsSaid(proof);
  if (!populated.ok)
    return {
      label: 'up',
      text: `fails as soon as there are rows${rows && ` (${rows})`}: ${told(populated.error)}. On empty tables it runs`,
      level: 'bad',
    };
  if (rows !== '') return { label: 'up', text: `runs, with ${rows}`, level: 'good' };
  const missing = populated.skipped.length > 0;
  return {
    label: 'up',
    text: missing ? 'runs on empty tables' : 'runs; it touches no table that was there before',
    level: missing ? 'note' : 'good',
  };
}

/** " at line 7". */
export function failsAt({ statements }: Proof['up']): string {
  const at = statements.find(({ error }) => error !== undefined);
  return at ? ` at line ${at.line}` : '';
}

/** "10 rows in each of orders, customers". */
function rowsSaid({ populated: { rowsPerTable } }: Proof): string {
  const filled = Object.entries(rowsPerTable).filter(([, rows]) => rows > 0);
  const counts = new Set(filled.map(([, rows]) => rows));
  const [first] = filled;
  if (first === undefined) return '';
  if (counts.size > 1) return `rows in ${named(filled.map(([table]) => table))}`;
  const each = filled.length > 1 ? 'each of ' : '';
  return `${plural(first[1], 'row')} in ${each}${named(filled.map(([table]) => table))}`;
}

function skippedLines({ populated: { skipped } }: Proof): ProofLine[] {
  if (skipped.length === 0) return [];
  const items = skipped.slice(0, 5).map(({ table, reason }) => `${shown(table)}: ${clip(reason, 200)}`);
  const more = skipped.length - items.length;
  return [
    {
      label: 'rows',
      text: `${plural(skipped.length, 'table')} could not be filled, so rows in ${skipped.length === 1 ? 'it were' : 'them were'} not tried`,
      items: more > 0 ? [...items, `and ${more} more`] : items,
      level: 'note',
    },
  ];
}

/** Who has to wait for this migration, and until when. */
function blocksLine(proof: Proof): ProofLine {
  const blocked = blockedBy(proof);
  if (!blocked) return { label: 'blocks', text: 'neither reads nor writes of what was there', level: 'good' };
  const { what, first, during } = blocked;
  const when = proof.transaction ? `from line ${first.line} until it commits` : 'while the statement runs';
  return { label: 'blocks', text: `${what}, ${when} (${howLong(during)})`, level: 'note' };
}

/** "reads and writes of orders", from which statement on, and all statements meanwhile. Undefined: nobody has to wait. */
export function blockedBy({ up: { statements }, transaction }: Proof):
  | {
      readonly what: string;
      readonly first: ProvenStatement;
      readonly during: readonly ProvenStatement[];
    }
  | undefined {
  const locking = statements.filter(({ locks }) => locks.some(({ blocks }) => blocks.includes('insert')));
  const [first] = locking;
  if (!first) return undefined;
  const locks = locking.flatMap((statement) => statement.locks);
  const both = relationsOf(locks.filter(({ blocks }) => blocks.includes('select')));
  const writes = relationsOf(locks.filter(({ blocks }) => blocks.includes('insert'))).filter(
    (relation) => !both.includes(relation),
  );
  const what = [
    ...(both.length > 0 ? [`reads and writes of ${named(both)}`] : []),
    ...(writes.length > 0 ? [`writes to ${named(writes)}`] : []),
  ].join(', ');
  return { what, first, during: transaction ? statements.slice(statements.indexOf(first)) : locking };
}

/** By the sizes of the target, where they are known of any of them. */
function howLong(statements: readonly ProvenStatement[]): string {
  const sum = (of: (statement: ProvenStatement) => number): number =>
    statements.reduce((total, statement) => total + of(statement), 0);
  return statements.some(({ estimate }) => estimate)
    ? `about ${duration(sum(({ estimate, durationMs }) => estimate?.ms ?? durationMs))} at the target’s size`
    : `${duration(sum(({ durationMs }) => durationMs))} in the shadow`;
}

function relationsOf(locks: readonly { readonly relation: string }[]): string[] {
  return [...new Set(locks.map(({ relation }) => relation))];
}

/** The estimate and what it rests on. */
function timeLines({ estimate }: Proof): ProofLine[] {
  if (!estimate) return [];
  const parts = clip(estimate.basis, 2_000).replaceAll('rows of public.', 'rows of ').split('; ');
  const counted = [...new Set(parts)].map((part) => {
    const times = parts.filter((other) => other === part).length;
    return times > 1 ? `${part} (${times} times)` : part;
  });
  return [
    {
      label: 'time',
      text: `about ${duration(estimate.ms)} on the target: ${clip(some(counted, 3), 400)}`,
      level: 'note',
    },
  ];
}

function rewritesLines({ up: { statements } }: Proof): ProofLine[] {
  const rewritten = relationsOf(
    statements.flatMap(({ rewrites }) => rewrites.map((relation) => ({ relation }))),
  );
  if (rewritten.length === 0) return [];
  return [
    { label: 'rewrites', text: `every row of ${named(rewritten)} is written anew on disk`, level: 'warn' },
  ];
}

function rollbackLine({ down, roundTrip }: Proof): ProofLine {
  const label = 'rollback' as const;
  switch (down.status) {
    case 'missing':
      return { label, text: 'there is none', level: 'note' };
    case 'empty':
      return { label, text: 'does nothing, though the up changes the schema', level: 'bad' };
    case 'failed':
      return { label, text: `fails: ${told(down.error)}`, level: 'bad' };
    case 'unparsable':
    case 'not-run':
      return { label, text: 'was not run', level: 'note' };
    case 'ok':
  }
  if (roundTrip.status === 'reverts') {
    const order = roundTrip.differences.length > 0 ? ' (only the order of columns is another)' : '';
    return { label, text: `restores the schema exactly${order}`, level: 'good' };
  }
  if (roundTrip.status === 'not-run') return { label, text: 'nothing to take back', level: 'good' };
  return {
    label,
    text: 'does not restore the schema:',
    items: differencesInWords(roundTrip.differences),
    level: 'bad',
  };
}

/** Differences told before the rest is counted. */
const TOLD = 8;

function differencesInWords(differences: Proof['roundTrip']['differences']): string[] {
  const real = differences.filter(({ informative }) => informative !== true);
  const items = real.slice(0, TOLD).map(difference);
  return real.length > TOLD ? [...items, `and ${plural(real.length - TOLD, 'more difference')}`] : items;
}

/** "column customers.email: nullable, was not null". */
function difference({ kind, object, before, after }: Proof['roundTrip']['differences'][number]): string {
  const what = `${clip(kind, 60)} ${shown(object)}`;
  if (before === undefined) return `${what} is left behind`;
  if (after === undefined) return `${what} is missing`;
  const property = /^[\w ]{1,40}: /.exec(after)?.[0] ?? '';
  const known = before.startsWith(property) ? property : '';
  // "null: not null" says its property in its value.
  const name = known === '' || known === 'null: ' ? '' : `${known.slice(0, -2)} `;
  const [is, was] = narrowed(after.slice(known.length), before.slice(known.length));
  return `${what}: ${name}${is}, was ${was}`;
}

function loss({ relation, column, rows }: Proof['dataLoss'][number]): string {
  return column === undefined
    ? `${plural(rows, 'row')} of ${shown(relation)}`
    : `the values of ${shown(relation)}.${shown(column)} (${plural(rows, 'row')})`;
}

function some(parts: readonly string[], most: number): string {
  const rest = parts.length - most;
  return rest > 0 ? `${parts.slice(0, most).join('; ')}; and ${rest} more` : parts.join('; ');
}

/** All downs in reverse; undefined where there is nothing that the single proofs do not say. */
export function chainLine(chain: Chain | undefined): ProofLine | undefined {
  if (chain === undefined) return undefined;
  if (chain.ok)
    return {
      label: 'rollback',
      text: 'of all of them in reverse order restores the schema exactly',
      level: 'good',
    };
  if (chain.failedAt !== undefined)
    return {
      label: 'rollback',
      text: `of all of them in reverse order fails at ${clip(chain.failedAt, 200)}${chain.error === undefined ? '' : `: ${told(chain.error)}`}`,
      level: 'bad',
    };
  return {
    label: 'rollback',
    text: 'of all of them in reverse order does not restore the schema:',
    items: differencesInWords(chain.differences),
    level: 'bad',
  };
}
