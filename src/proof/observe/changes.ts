import type { LookAnswer } from './answers.ts';
import {
  type Counters,
  type Known,
  type KnownRelation,
  objectFrom,
  objectKey,
  relationFrom,
  seen,
  wordOf,
} from './known.ts';
import type { Showed } from './look.ts';
import { RELATIONS } from './queries.ts';

/** What one statement did. Objects are kind and name, relations only their name. */
export interface Changes {
  readonly rewrites: readonly string[];
  readonly scans: readonly { readonly relation: string; readonly rows: number }[];
  readonly created: readonly string[];
  readonly dropped: readonly string[];
  readonly altered: readonly string[];
  /** Rows written, in relations that were there before. */
  readonly written: number;
}

/** How a new file of a relation is to be understood. */
export type Emptying =
  /** TRUNCATE: a new file is an empty one. */
  | 'yes'
  | 'no'
  /** It runs what cannot be told from outside: a file whose rows were not read is an empty one. */
  | 'perhaps';

interface Made {
  readonly label: string;
  /** What it stands on. */
  readonly owner: number;
  readonly relation?: KnownRelation | undefined;
  readonly oid: number;
}

/** Takes in what a look showed, and says what is otherwise now. */
export function takeIn(known: Known, { answer: look, detail }: Showed, emptying: Emptying): Changes {
  for (const [catalog, oid] of detail?.members ?? []) known.members.add(objectKey(catalog, oid));
  const counted = countersSince(known, look);
  const old = new Map(known.relations);
  const altered: string[] = [];
  const gone = [...goneRelations(known, look), ...goneObjects(known, look, detail)];
  const { made, moved } = relationsNow(known, look, altered);
  made.push(...objectsNow(known, look, altered));
  const columns = columnsNow(known, look, altered);

  const created = withoutParts(made);
  const dropped = withoutParts(gone);
  const again = new Set(created.map(({ label }) => label));
  const both = new Set(dropped.map(({ label }) => label).filter((label) => again.has(label)));
  const emptied = emptiedTables(moved, old, counted, emptying);
  const rewritten = rewrites(moved, old, emptied);
  const rebuilt = indexesMadeAgain(made, gone).filter(
    ({ table }) => table === undefined || !rewritten.has(table),
  );
  const one = ({ label }: Made): string[] => (both.has(label) ? [] : [label]);
  return {
    rewrites: [...new Set([...rewritten.values(), ...rebuilt.map(({ name }) => name)])].sort(),
    scans: scans(known, counted, emptied),
    created: [...created.flatMap(one), ...columns.created].sort(),
    dropped: [...dropped.flatMap(one), ...columns.dropped].sort(),
    altered: [...new Set(altered)].sort(),
    written: [...counted.values()].reduce((sum, [, , written]) => sum + written, 0),
  };
}

/** By relation, what was counted since the last look. */
function countersSince(known: Known, { counters }: LookAnswer): Map<number, Counters> {
  const since = new Map<number, Counters>();
  for (const [oid, scans, read, written] of counters) {
    const kind = known.relations.get(oid)?.kind;
    if (kind !== 'r' && kind !== 'm') continue;
    const [scansBefore, readBefore, writtenBefore] = known.counters.get(oid) ?? [0, 0, 0];
    since.set(oid, [scans - scansBefore, read - readBefore, written - writtenBefore]);
    known.counters.set(oid, [scans, read, written]);
  }
  return since;
}

/** Building the indexes of an emptied table anew counts as a scan of it. */
function scans(
  known: Known,
  counted: ReadonlyMap<number, Counters>,
  emptied: ReadonlySet<number>,
): Changes['scans'] {
  const found = [...counted].flatMap(([oid, [times, rows]]) => {
    const relation = known.relations.get(oid)?.name;
    return times > 0 && relation !== undefined && !(rows === 0 && emptied.has(oid))
      ? [{ relation, rows }]
      : [];
  });
  return found.sort((a, b) => (a.relation < b.relation ? -1 : 1));
}

function goneRelations(known: Known, { unnamed, there }: LookAnswer): Made[] {
  const left = there && new Set(there.find(([catalog]) => catalog === RELATIONS)?.[1]);
  const oids = left ? [...known.relations.keys()].filter((oid) => !left.has(oid)) : (unnamed ?? []);
  return oids.flatMap((oid) => {
    const relation = known.relations.get(oid);
    if (!relation) return [];
    known.relations.delete(oid);
    if (known.members.has(objectKey(RELATIONS, oid))) return [];
    return [{ oid, relation, owner: relation.table ?? 0, label: `${wordOf(relation)} ${relation.name}` }];
  });
}

function goneObjects(known: Known, { suspects, there }: LookAnswer, detail: Showed['detail']): Made[] {
  const left = there
    ? new Set(there.flatMap(([catalog, oids]) => oids.map((oid) => objectKey(catalog, oid))))
    : new Set(detail?.there.map(([catalog, oid]) => objectKey(catalog, oid)));
  const keys = there
    ? [...known.objects.keys()]
    : (suspects ?? []).map(([catalog, oid]) => objectKey(catalog, oid));
  return keys.flatMap((key) => {
    const object = known.objects.get(key);
    if (!object || left.has(key)) return [];
    known.objects.delete(key);
    if (known.members.has(key)) return [];
    return [{ oid: Number(key.split('.')[1]), owner: object.owner, label: `${object.word} ${object.name}` }];
  });
}

function relationsNow(
  known: Known,
  look: LookAnswer,
  altered: string[],
): { made: Made[]; moved: Map<number, KnownRelation> } {
  const tables = new Map(look.indexes);
  const made: Made[] = [];
  const moved = new Map<number, KnownRelation>();
  // A schema made by the same statement has to be known by its name first.
  for (const row of look.objects) if (!known.objects.has(objectKey(row[0], row[1]))) nameSchema(known, row);
  for (const row of look.relations) {
    const [oid] = row;
    seen(known, RELATIONS, oid);
    const now = relationFrom(known, row, tables);
    if (!now) continue;
    const before = known.relations.get(oid);
    known.relations.set(oid, now);
    if (before && before.name !== now.name) altered.push(`${wordOf(before)} ${before.name}`);
    if (before && isElsewhere(before, now)) moved.set(oid, now);
    if (!before && !known.members.has(objectKey(RELATIONS, oid)))
      made.push({ oid, relation: now, owner: now.table ?? 0, label: `${wordOf(now)} ${now.name}` });
  }
  return { made, moved };
}

function nameSchema(known: Known, row: LookAnswer['objects'][number]): void {
  if (row[5] === 'schema') objectFrom(known, row);
}

/** A TOAST table that there was none of before is an empty one. */
function isElsewhere(before: KnownRelation, now: KnownRelation): boolean {
  return (
    before.filenode !== now.filenode || (before.toast !== 0 && now.toast !== 0 && before.toast !== now.toast)
  );
}

function objectsNow(known: Known, look: LookAnswer, altered: string[]): Made[] {
  const made: Made[] = [];
  for (const row of look.objects) {
    const [catalog, oid] = row;
    seen(known, catalog, oid);
    const object = objectFrom(known, row);
    if (!object) continue;
    const key = objectKey(catalog, oid);
    const before = known.objects.get(key);
    known.objects.set(key, object);
    if (known.members.has(key)) continue;
    if (!before) made.push({ oid, owner: object.owner, label: `${object.word} ${object.name}` });
    else if (before.version !== object.version) altered.push(`${before.word} ${before.name}`);
  }
  for (const [oid, version] of look.views) {
    const view = known.relations.get(oid);
    if (view && known.views.get(oid) !== version) altered.push(`${wordOf(view)} ${view.name}`);
    known.views.set(oid, version);
  }
  return made;
}

function columnsNow(
  known: Known,
  look: LookAnswer,
  altered: string[],
): { created: string[]; dropped: string[] } {
  const created: string[] = [];
  const dropped: string[] = [];
  for (const [relation, number, name, definition, isDropped] of look.columns) {
    const columns = known.columns.get(relation);
    const table = known.relations.get(relation)?.name;
    if (!columns || table === undefined) continue;
    const before = columns.get(number);
    if (isDropped) {
      if (before) dropped.push(`column ${table}.${before.name}`);
      columns.delete(number);
      continue;
    }
    if (!before) created.push(`column ${table}.${name}`);
    else if (before.name !== name || before.definition !== definition)
      altered.push(`column ${table}.${before.name}`);
    columns.set(number, { name, definition });
  }
  return { created, dropped };
}

/** A table comes and goes with its indexes, constraints and triggers. */
function withoutParts(made: readonly Made[]): Made[] {
  const wholes = new Set(
    made.flatMap(({ oid, relation }) => (relation && relation.table === undefined ? [oid] : [])),
  );
  return made.filter(({ owner }) => !wholes.has(owner));
}

function emptiedTables(
  moved: ReadonlyMap<number, KnownRelation>,
  old: ReadonlyMap<number, KnownRelation>,
  counted: ReadonlyMap<number, Counters>,
  emptying: Emptying,
): Set<number> {
  if (emptying === 'no') return new Set();
  const tables = [...moved].filter(([oid, { kind, tablespace }]) => {
    if (kind !== 'r') return false;
    const read = (counted.get(oid)?.[1] ?? 0) > 0 || old.get(oid)?.tablespace !== tablespace;
    return emptying === 'yes' || !read;
  });
  return new Set(tables.map(([oid]) => oid));
}

/** Names by oid. Indexes are named where their table was not written anew, which rebuilds them all. */
function rewrites(
  moved: ReadonlyMap<number, KnownRelation>,
  old: ReadonlyMap<number, KnownRelation>,
  emptied: ReadonlySet<number>,
): Map<number, string> {
  const found = new Map<number, string>();
  for (const [oid, { kind }] of moved) {
    const before = old.get(oid);
    if (before && (kind === 'r' || kind === 'm') && !emptied.has(oid)) found.set(oid, before.name);
  }
  for (const [oid, { kind, table }] of moved) {
    const before = old.get(oid);
    if (before && kind === 'i' && table !== undefined && !found.has(table) && !emptied.has(table))
      found.set(oid, before.name);
  }
  return found;
}

/** ALTER COLUMN … TYPE drops indexes and makes them again under their old names, over the old file where it still fits. */
function indexesMadeAgain(made: readonly Made[], gone: readonly Made[]): KnownRelation[] {
  const before = new Map(gone.map(({ label, relation }) => [label, relation]));
  return made.flatMap(({ label, relation }) => {
    const old = before.get(label);
    return relation?.kind === 'i' && old && old.filenode !== relation.filenode ? [relation] : [];
  });
}
