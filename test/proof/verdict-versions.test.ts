import { describe, expect, it } from 'vitest';
import type { Proven } from '../../src/proof/prove-migration.ts';
import { type Ground, judgeStatic, type Verdict } from '../../src/proof/verdict/judge-static.ts';
import type { HeldLock, RanStatement } from '../../src/proof/verdict/ran-statement.ts';
import type { ProvenStatement } from '../../src/report/proof-result.ts';
import type { Claim, Rule } from '../../src/rules/rule.ts';
import { loadPostgresParser, parsePostgres } from '../../src/sql/postgres/parser.ts';
import { SourceFile } from '../../src/sql/source.ts';
import type { Raised } from '../../src/validation/raised.ts';

const SQL = 'ALTER TABLE orders ALTER COLUMN total TYPE bigint';
await loadPostgresParser();
const [statement] = parsePostgres(SQL).statements;
const span = { start: 0, end: SQL.length };

const RULE: Rule = {
  id: 'change-column-type',
  title: '',
  severity: 'error',
  why: '',
  safeAlternative: '',
  claims: ['rewrites'],
};
const RAISED: Raised = {
  ruleId: RULE.id,
  severity: 'error',
  file: new SourceFile('up.sql', SQL),
  span,
  statement: span,
  message: 'It writes the table anew.',
  why: '',
  advice: '',
  section: 'up',
};
const GROUND: Ground = { rules: new Map([[RULE.id, RULE]]), ranOn: 18, sameOn: () => undefined };
const LOCK: HeldLock = {
  relation: 'public.orders',
  mode: 'AccessExclusive',
  blocks: ['select', 'insert', 'update', 'delete', 'ddl'],
  line: 1,
  own: true,
};

function ran(
  did: Partial<ProvenStatement> = {},
  how: Partial<Omit<RanStatement, 'proven'>> = {},
): RanStatement {
  const proven = {
    line: 1,
    endLine: 1,
    text: SQL,
    durationMs: 1,
    locks: [],
    rewrites: [],
    scans: [],
    created: [],
    dropped: [],
    ...did,
  };
  return { span, proven, statement, held: [LOCK], exact: true, transaction: 0, ranOnRows: true, ...how };
}

function proven(rows = 10): Proven {
  const populated = { ok: true, rowsPerTable: rows > 0 ? { 'public.orders': rows } : {}, skipped: [] };
  return {
    proof: {
      migrationId: '1',
      shadow: 'embedded',
      serverVersion: '18.6',
      transaction: true,
      up: { ok: true, statements: [] },
      populated,
      down: { status: 'ok' },
      roundTrip: { status: 'reverts', differences: [] },
      dataLoss: [],
      reapply: { ok: true },
    },
    up: { status: 'done', steps: [] },
    failsOnRowsOnly: false,
    invalidIndexes: [],
  };
}

const judged = (one: RanStatement, ground: Partial<Ground> = {}, raised = RAISED, rows?: number): Verdict =>
  judgeStatic(raised, one, proven(rows), { ...GROUND, ...ground });
const claiming = (...claims: readonly Claim[]): Raised => ({ ...RAISED, claims });

describe('a refutation', () => {
  it('counts where the target is not known or of the version that it ran on', () => {
    expect(judged(ran()).status).toBe('refuted');
    expect(judged(ran(), { target: 18 }).status).toBe('refuted');
  });

  it.each([
    [true, 'refuted'],
    [false, 'open'],
    [undefined, 'open'],
  ])('counts for another major version where the measured examples say %s: %s', (same, status) => {
    const asked: unknown[] = [];
    const sameOn: Ground['sameOn'] = (...question) => {
      asked.push(question);
      return same;
    };
    const verdict = judged(ran(), { target: 15, sameOn });
    expect(verdict.status).toBe(status);
    expect(asked).toEqual([['change-column-type', 18, 15]]);
    if (status === 'open') {
      expect(verdict.raised.stage).toBeUndefined();
      expect(verdict.raised.message).toBe(
        'It writes the table anew. What was seen speaks against it (ran on PostgreSQL 18.6 with 10 rows in orders: not written anew), but the target is PostgreSQL 15, for which that does not count.',
      );
    }
  });

  it('is not made where the statement did not run to its end, nor of a body', () => {
    expect(judged(ran({}, { ranOnRows: false })).status).toBe('open');
    expect(judged(ran(), {}, { ...RAISED, inBody: true }).status).toBe('open');
  });

  it('is not made of a finding that claims nothing', () => {
    expect(judged(ran(), {}, claiming())).toEqual({ status: 'open', raised: claiming() });
  });

  it.each(['scans', 'fails-on-rows'] as const)('that needs rows is not made without any: %s', (claim) => {
    expect(judged(ran(), {}, claiming(claim), 10).status).toBe('refuted');
    expect(judged(ran(), {}, claiming(claim), 0).status).toBe('open');
  });

  it('of a lock is not made where locks could not be read', () => {
    const none = { held: [] };
    expect(judged(ran({}, none), {}, claiming('blocks-writes')).status).toBe('refuted');
    expect(judged(ran({}, { ...none, exact: false }), {}, claiming('blocks-writes')).status).toBe('open');
  });

  it('of a lock is not made where an earlier statement keeps one on another table', () => {
    const kept = { ...LOCK, relation: 'public.users', own: false };
    expect(judged(ran({}, { held: [kept] }), {}, claiming('blocks-reads')).status).toBe('open');
  });

  it('needs all that is claimed to be unseen', () => {
    expect(judged(ran(), {}, claiming('rewrites', 'blocks-reads')).status).toBe('confirmed');
  });
});

describe('a confirmation', () => {
  it('says what was seen, also on another version than that of the target', () => {
    const verdict = judged(ran({ rewrites: ['public.orders'] }), { target: 15 });
    expect(verdict).toMatchObject({ status: 'confirmed', seen: ['rewrites'] });
    expect(verdict.raised).toMatchObject({
      stage: 'executed',
      message:
        'It writes the table anew. Seen in the shadow database (PostgreSQL 18.6): ACCESS EXCLUSIVE on orders, written anew.',
    });
  });

  it('takes no lock for seen that only the text of the statement tells', () => {
    const verdict = judged(
      ran({}, { held: [{ ...LOCK, basis: 'static' }], exact: false }),
      {},
      claiming('blocks-reads'),
    );
    expect(verdict.status).toBe('open');
  });

  it('knows what stood in the real catalog where more was not to be seen', () => {
    expect(judged(ran(), {}, claiming('scans'), 0).raised.stage).toBe('catalog');
  });

  it.each([
    ['23502', 'confirmed'],
    ['22001', 'confirmed'],
    ['42601', 'open'],
    ['55P03', 'open'],
  ])('of a failure over rows is made of an error that values cause: %s %s', (code, status) => {
    const step = { sql: SQL, span, needsAutocommit: false };
    const error = { code, message: 'it failed' };
    const failed: Proven = {
      ...proven(),
      up: { status: 'failed', steps: [{ step, durationMs: 1, error }], error, undone: true },
    };
    const one = ran({}, { ranOnRows: false });
    expect(judgeStatic(claiming('fails-on-rows'), one, failed, GROUND).status).toBe(status);
    const onRowsOnly = { ...failed, failsOnRowsOnly: true };
    expect(judgeStatic(claiming('fails-on-rows'), one, onRowsOnly, GROUND).status).toBe('confirmed');
  });
});
