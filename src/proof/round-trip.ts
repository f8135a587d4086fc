import type { SectionResult } from '../engine/run-section.ts';
import type { Proof } from '../report/proof-result.ts';
import { compareCatalogs, type Difference } from './catalog/compare.ts';
import { type CatalogSnapshot, readCatalog } from './catalog/snapshot.ts';
import type { Provable } from './provable.ts';
import { lostData, type RowsOf, readRows } from './rows.ts';
import { runSettled } from './settled.ts';
import type { Shadow } from './shadow.ts';
import { failureOf } from './told-statements.ts';
import { seeingAllRows } from './unforced-rows.ts';

export interface RoundTrip {
  readonly told: Pick<Proof, 'down' | 'roundTrip' | 'dataLoss' | 'reapply'>;
  readonly down?: SectionResult | undefined;
  readonly reapplied?: SectionResult | undefined;
}

/** Of an up that has not been applied. */
export const NO_WAY_BACK = {
  down: { status: 'not-run' },
  roundTrip: { status: 'not-run', differences: [] },
  dataLoss: [],
  reapply: { ok: false },
} satisfies RoundTrip['told'];

/**
 * The down, what it brings back, and the up once more: leaves the shadow where the up has been applied.
 *
 * @param known what was there before the up and after it; `back` brings the shadow to where the migration begins
 * @throws ConnectionLost when the shadow answers no more
 */
export async function roundTrip(
  shadow: Shadow,
  provable: Provable,
  known: {
    readonly before: CatalogSnapshot;
    readonly after: CatalogSnapshot;
    readonly rows: RowsOf;
    readonly back: () => Promise<void>;
  },
): Promise<RoundTrip> {
  const again = async (): Promise<void> => {
    await known.back();
    await runSettled(shadow.session, provable.up);
  };
  const { down } = provable;
  if (!down) return { told: { ...NO_WAY_BACK, down: { status: 'missing' }, reapply: { ok: true } } };
  if (down.steps.length === 0) {
    const differences = compareCatalogs(known.before, known.after);
    const status = differences.length > 0 ? 'empty' : 'ok';
    return {
      told: {
        ...NO_WAY_BACK,
        down: { status },
        // What stays.
        roundTrip: { status: 'not-run', differences },
        reapply: { ok: true },
      },
    };
  }
  const result = await runSettled(shadow.session, down);
  if (result.status !== 'done') {
    await again();
    return {
      told: { ...NO_WAY_BACK, down: { status: 'failed', ...failureOf(result) } },
      down: result,
    };
  }
  const differences = compareCatalogs(known.before, await readCatalog(shadow.session));
  const dataLoss = lostData(
    known.rows,
    await seeingAllRows(shadow.session, known.rows.keys(), () => readRows(shadow.session, known.rows.keys())),
  );
  const reapplied = await runSettled(shadow.session, provable.up);
  const moved =
    reapplied.status === 'done' ? compareCatalogs(known.after, await readCatalog(shadow.session)) : [];
  if (reapplied.status !== 'done' || moved.length > 0) await again();
  return {
    told: {
      down: { status: 'ok' },
      roundTrip: { status: differences.some(isReal) ? 'differs' : 'reverts', differences },
      dataLoss,
      reapply: { ok: reapplied.status === 'done', ...failureOf(reapplied) },
    },
    down: result,
    reapplied,
  };
}

function isReal({ informative }: Difference): boolean {
  return informative !== true;
}
