import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { proofSchema } from '../report/proof-result.ts';
import type { Provable } from './provable.ts';
import type { Outcome } from './prove-change.ts';
import type { Proven } from './prove-migration.ts';

/** Raised when what is written down means something else. */
const FORMAT = 1;

const entrySchema = z.strictObject({
  key: z.string(),
  outcome: z.union([
    z.strictObject({ proven: z.looseObject({ proof: proofSchema, applied: z.boolean() }) }),
    z.looseObject({ notProven: z.string() }),
  ]),
});

/** What came of the migrations of a long history, written down one by one, so that an interrupted run can go on. */
interface Journal {
  /** How many of the migrations are in it. */
  readonly done: number;
  recall(provable: Provable): Outcome | undefined;
  /** Resolves once it is written; what cannot be written takes nothing from the proof. */
  write(outcome: Outcome): Promise<void>;
  /** Everything is proven: the next run begins anew. */
  end(): Promise<void>;
}

/**
 * Opens the journal of a history in a folder. An entry counts for a migration when everything up to it, and what it
 * was proven with, is the same: after an edit the migrations before it need not be proven again.
 *
 * @param circumstances what else the proof goes by: shadow, version, settings
 */
export async function openJournal(
  folder: string,
  circumstances: readonly unknown[],
  history: readonly Provable[],
): Promise<Journal> {
  const beginning = digest([FORMAT, circumstances, history[0]?.checked.migration.up.file.path ?? '']);
  const path = join(folder, `proofs-${beginning}.jsonl`);
  const keys = new Map<Provable, string>();
  let key = beginning;
  for (const each of history) {
    key = digest([key, contentOf(each)]);
    keys.set(each, key);
  }
  const entries = await entriesOf(path);
  return {
    done: history.filter((each) => entries.has(keys.get(each) ?? '')).length,
    recall(provable) {
      const entry = entries.get(keys.get(provable) ?? '');
      return entry && outcomeOf(provable, entry);
    },
    async write(outcome) {
      const entry = { key: keys.get(outcome.provable) ?? '', outcome: told(outcome) };
      await attempt(async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await appendFile(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      });
    },
    end: () => attempt(() => rm(path, { force: true })),
  };
}

type Entry = z.infer<typeof entrySchema>['outcome'];

function contentOf({ checked, up, down, verify }: Provable): unknown {
  const { id, up: section } = checked.migration;
  return [id, section.file.path, up, down ?? null, verify ?? null];
}

/** Without what can be made again, and without rows. */
function told(outcome: Outcome): unknown {
  const { provable: _, ...rest } = outcome;
  const text = JSON.stringify(
    'proven' in rest ? { proven: { ...rest.proven, after: undefined } } : rest,
    (name, value) => (name === 'rows' && Array.isArray(value) ? [] : value),
  );
  const plain = JSON.parse(text) as { proven?: object };
  return 'proven' in rest ? { proven: { ...plain.proven, applied: rest.proven.after !== undefined } } : plain;
}

/** Written by this program, in a folder of the user's own; what of it is read by others than the proof is checked. */
function outcomeOf(provable: Provable, entry: Entry): Outcome {
  if (!isProven(entry)) return { ...entry, provable } as Outcome;
  const { applied, ...proven } = entry.proven;
  return { provable, proven: { ...proven, ...(applied ? { after: new Map() } : {}) } as unknown as Proven };
}

type ProvenEntry = Extract<Entry, { proven: { applied: boolean } }>;

function isProven(entry: Entry): entry is ProvenEntry {
  return 'proven' in entry;
}

async function entriesOf(path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let text = '';
  await attempt(async () => {
    text = await readFile(path, 'utf8');
  });
  for (const line of text.split('\n')) {
    const read = entrySchema.safeParse(fromJson(line));
    // The last line may be half a one.
    if (read.success) entries.set(read.data.key, read.data.outcome);
  }
  return entries;
}

/** What the system refuses here is no reason to end. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function fromJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
