import type { Connection } from '../engine/connection.ts';
import type { SectionResult, SectionRun } from '../engine/run-section.ts';
import type { Proof } from '../report/proof-result.ts';
import { compareCatalogs } from './catalog/compare.ts';
import { type CatalogSnapshot, knownCatalog, readCatalog } from './catalog/snapshot.ts';
import { dataQuestions, notTheRows } from './data-questions.ts';
import {
  type InventedRows,
  inventedRows,
  inventedTables,
  madeRelations,
  nextTransaction,
  removeInvented,
} from './invented-rows.ts';
import { observe } from './observe/observe.ts';
import { populate } from './populate/populate.ts';
import { foreignKeysAdded, tablesTouched } from './populate/tables-touched.ts';
import type { Provable } from './provable.ts';
import { NO_WAY_BACK, roundTrip } from './round-trip.ts';
import { type RowsOf, readRows } from './rows.ts';
import { runSettled } from './settled.ts';
import type { Shadow } from './shadow.ts';
import { failureOf } from './told-statements.ts';
import { seeingAllRows } from './unforced-rows.ts';

/** What is known after one proof, with what the verdict needs beside the result. */
export interface Proven {
  readonly proof: Proof;
  readonly up: SectionResult;
  /** Failed although it does not fail on empty tables, and not because of the values that the rows were given. */
  readonly failsOnRowsOnly: boolean;
  readonly down?: SectionResult | undefined;
  /** Why the failure of the down says nothing about it. */
  readonly downNotProven?: string | undefined;
  readonly reapplied?: SectionResult | undefined;
  /** The catalog once the migration has been applied; undefined where it could not be. */
  readonly after?: CatalogSnapshot | undefined;
  readonly invalidIndexes: readonly string[];
  /** Of a partitioned table alone (ON ONLY), until there is one on each partition. */
  readonly unattachedIndexes?: readonly string[] | undefined;
}

/** Rows that each table gets. */
const ROWS = 10;

/**
 * Runs one migration up, down and up again, with rows in the tables, in a shadow that stands where the migration
 * begins; leaves the shadow where it ends. `back` brings the shadow to where the migration begins, once more.
 *
 * @throws ConnectionLost when the shadow answers no more
 */
export async function proveMigration(
  shadow: Shadow,
  provable: Provable,
  back: () => Promise<void>,
): Promise<Proven> {
  const bare = standing.get(shadow.session) ?? (await readCatalog(shadow.session));
  standing.delete(shadow.session);
  const filled = await fill(shadow.session, provable, bare);
  const { up, onRows, statements } = await runUp(shadow, provable, back);
  const emptied = onRows.status !== 'done';
  const before = emptied ? bare : filled.catalog;
  const start = {
    ...heading(shadow, provable),
    up: { ok: up.status === 'done', ...failureOf(up), statements },
    populated: populatedRun(filled, onRows, provable, before),
  };
  const failsOnRowsOnly = up.status === 'done' && !start.populated.ok;
  if (up.status !== 'done') {
    await back();
    return { proof: { ...start, ...NO_WAY_BACK }, up: onRows, failsOnRowsOnly, invalidIndexes: [] };
  }
  const after = await readCatalog(shadow.session);
  const verify = provable.verify && (await verified(shadow.session, provable.verify));
  const asked = await dataQuestions(shadow.session, before, after);
  const wayBack = await roundTrip(shadow, provable, {
    before,
    after,
    rows: emptied ? new Map() : filled.rows,
    back,
  });
  if (!(await removeInvented(shadow.session, emptied ? [] : filled.invented))) {
    await back();
    await runSettled(shadow.session, provable.up);
  } else if (nothingReacts(after)) {
    // Rows were taken out since, and nothing else was done.
    const known = knownCatalog(shadow.session)?.snapshot;
    if (known) standing.set(shadow.session, known);
  }
  return {
    proof: {
      ...start,
      ...wayBack.told,
      ...(verify ? { verify } : {}),
      ...(asked.length > 0 ? { dependsOnData: asked } : {}),
    },
    up: onRows,
    failsOnRowsOnly,
    down: wayBack.down,
    reapplied: wayBack.reapplied,
    after,
    ...invalidIndexes(before, after),
  };
}

/** The catalog of a session in which the last migration has been proven; looking takes time in a large one. */
const standing = new WeakMap<Connection, CatalogSnapshot>();

/** A trigger or a rule may make objects when rows go. */
function nothingReacts(catalog: CatalogSnapshot): boolean {
  return ['trigger', 'rule', 'event trigger'].every((kind) => (catalog.get(kind)?.size ?? 0) === 0);
}

function heading(shadow: Shadow, { checked: { migration }, up }: Provable) {
  return {
    migrationId: migration.id,
    name: migration.name,
    file: migration.up.file.path,
    shadow: shadow.kind,
    serverVersion: shadow.session.server.text,
    transaction: up.transaction,
  } satisfies Partial<Proof>;
}

interface Filled {
  readonly told: Awaited<ReturnType<typeof populate>>;
  readonly rows: RowsOf;
  readonly invented: InventedRows;
  /** Another than before where the rows' triggers make objects. */
  readonly catalog: CatalogSnapshot;
}

/** Puts rows into the tables that the up touches, and remembers them. */
async function fill(session: Connection, { checked }: Provable, bare: CatalogSnapshot): Promise<Filled> {
  const { statements } = checked.up.sql;
  const since = await nextTransaction(session);
  const told = await populate(session, {
    tables: tablesTouched(statements),
    rows: ROWS,
    coming: foreignKeysAdded(statements),
  });
  const tables = Object.keys(told.rowsPerTable);
  const catalog = (await madeRelations(session, since)) ? await readCatalog(session) : bare;
  const tablesMade = await inventedTables(session, compareCatalogs(bare, catalog));
  const { rowsMade, rows } = await seeingAllRows(session, tables, async () => ({
    rowsMade: tablesMade && (await inventedRows(session, tables, since)),
    rows: await readRows(session, tables),
  }));
  return {
    told,
    rows,
    // The tables after the rows: rows are taken out in reverse order.
    invented: tablesMade && rowsMade && [...tablesMade, ...rowsMade],
    catalog,
  };
}

interface RanUp {
  /** On rows, or on empty tables where it fails on rows. */
  readonly up: SectionResult;
  readonly onRows: SectionResult;
  readonly statements: Proof['up']['statements'];
}

/** What fails on rows is run once more without them: the rest of the proof is worth having all the same. */
async function runUp(shadow: Shadow, provable: Provable, back: () => Promise<void>): Promise<RanUp> {
  const { migration, up: section } = provable.checked;
  const run = async (): Promise<Omit<RanUp, 'onRows'>> => {
    const { observer } = shadow;
    const observation = await observe(shadow.session, { run: provable.up, sql: section.sql, observer });
    const up = await runSettled(shadow.session, provable.up, observation.onlooker);
    if (up.status === 'lost') throw up.lost;
    return { up, statements: observation.statements(migration.up.file, up.steps) };
  };
  const first = await run();
  if (first.up.status === 'done') return { ...first, onRows: first.up };
  await back();
  return { ...(await run()), onRows: first.up };
}

function populatedRun(
  { told: { rowsPerTable, skipped } }: Filled,
  onRows: SectionResult,
  { checked }: Provable,
  before: CatalogSnapshot,
): Proof['populated'] {
  const start = onRows.steps.at(-1)?.step.span.start;
  const statement = checked.up.sql.statements.find(({ span }) => span.start === start);
  const because = onRows.status === 'failed' ? notTheRows(onRows.error, statement, before) : undefined;
  if (because === undefined)
    return { ok: onRows.status === 'done', rowsPerTable, ...failureOf(onRows), skipped };
  const reason = `it was run on empty tables, as ${because}: ${failureOf(onRows).error}`;
  const tables = Object.keys(rowsPerTable).map((table) => ({ table, reason }));
  return { ok: true, rowsPerTable: {}, skipped: [...skipped, ...tables] };
}

/** VERIFY reads only: whatever it does besides is rolled back. */
async function verified(session: Connection, verify: SectionRun): Promise<NonNullable<Proof['verify']>> {
  const result = await runSettled(session, { ...verify, transaction: true, rollBack: true });
  return { ok: result.status === 'done', ...failureOf(result) };
}

function invalidIndexes(
  before: CatalogSnapshot,
  after: CatalogSnapshot,
): Pick<Proven, 'invalidIndexes' | 'unattachedIndexes'> {
  const known = before.get('index');
  const invalid = [...(after.get('index') ?? [])].filter(
    // Those that the history left are not this migration's.
    ([name, { valid }]) => valid === 'invalid' && known?.get(name)?.['valid'] !== 'invalid',
  );
  const named = (alone: boolean): string[] =>
    invalid
      .filter(([, { definition }]) => (definition?.includes(' ON ONLY ') ?? false) === alone)
      .map(([name]) => name);
  return { invalidIndexes: named(false), unattachedIndexes: named(true) };
}
