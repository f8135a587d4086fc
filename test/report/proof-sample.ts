import type { Proof, ProvenStatement } from '../../src/report/proof-result.ts';

/** One statement as it ran, with nothing to be said of it but what `rest` says. */
export function ran(line: number, text: string, rest: Partial<ProvenStatement> = {}): ProvenStatement {
  return {
    line,
    endLine: line,
    text,
    durationMs: 0.4,
    locks: [],
    rewrites: [],
    scans: [],
    created: [],
    dropped: [],
    ...rest,
  };
}

export function lock(relation: string, mode = 'AccessExclusive'): ProvenStatement['locks'][number] {
  const blocks = {
    AccessShare: ['ddl'],
    RowExclusive: ['ddl'],
    ShareUpdateExclusive: ['ddl'],
    Share: ['insert', 'update', 'delete', 'ddl'],
    AccessExclusive: ['select', 'insert', 'update', 'delete', 'ddl'],
  } as const;
  return { relation, mode, blocks: [...blocks[mode as keyof typeof blocks]] };
}

/** A migration that went well. */
export function proof(rest: Partial<Proof> = {}): Proof {
  return {
    migrationId: '20260601090000',
    name: 'add_orders_note',
    file: 'db/migrations/20260601090000_add_orders_note.sql',
    shadow: 'local',
    serverVersion: '17.6',
    transaction: true,
    up: {
      ok: true,
      statements: [ran(4, 'ALTER TABLE orders ADD COLUMN note text', { locks: [lock('public.orders')] })],
    },
    populated: { ok: true, rowsPerTable: { 'public.orders': 10, 'public.customers': 10 }, skipped: [] },
    down: { status: 'ok' },
    roundTrip: { status: 'reverts', differences: [] },
    dataLoss: [],
    reapply: { ok: true },
    ...rest,
  };
}

/** One that comes back with differences and without its data. */
export function differing(rest: Partial<Proof> = {}): Proof {
  return proof({
    migrationId: '20260602090000',
    name: 'rework_customers',
    file: 'db/migrations/20260602090000_rework_customers.sql',
    roundTrip: {
      status: 'differs',
      differences: [
        {
          kind: 'column',
          object: 'public.customers.email',
          before: 'null: not null',
          after: 'null: nullable',
        },
        { kind: 'column', object: 'public.customers.tier', before: 'default: 0', after: 'default: none' },
        {
          kind: 'column',
          object: 'public.customers.body',
          before: 'position: 4',
          after: 'position: 6',
          informative: true,
        },
        { kind: 'enum', object: 'public.mood', after: "'sad', 'glad'" },
        { kind: 'index', object: 'public.idx_customers_email', before: 'btree (email)' },
      ],
    },
    dataLoss: [{ relation: 'public.customers', column: 'body', rows: 10 }],
    reapply: { ok: false, error: 'type "mood" already exists (42710)' },
    ...rest,
  });
}

/** One that fails as soon as there are rows. */
export function failingOnRows(): Proof {
  return proof({
    migrationId: '20260603090000',
    name: 'require_phone',
    populated: {
      ok: false,
      rowsPerTable: { 'public.customers': 10 },
      error: 'column "phone" of relation "customers" contains null values (23502)',
      skipped: [],
    },
  });
}

export function failing(): Proof {
  return proof({
    migrationId: '20260604090000',
    name: 'drop_missing',
    up: {
      ok: false,
      error: 'column "gone" does not exist (42703)',
      statements: [
        ran(3, 'ALTER TABLE orders ADD COLUMN a text', { locks: [lock('public.orders')] }),
        ran(7, 'ALTER TABLE orders DROP COLUMN gone', { error: 'column "gone" does not exist (42703)' }),
      ],
    },
    populated: { ok: false, rowsPerTable: {}, skipped: [] },
    down: { status: 'not-run' },
    roundTrip: { status: 'not-run', differences: [] },
    reapply: { ok: false },
  });
}
