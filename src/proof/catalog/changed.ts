import * as z from 'zod/mini';
import { type Connection, ConnectionLost } from '../../engine/connection.ts';
import { withOwnPath } from '../own-path.ts';
import type { Wanted } from './queries.ts';

/**
 * Which rows of the system catalogs are others than at an earlier look. Rows that were written since are known by
 * their transaction; rows that are gone by the number and the sum of the oids of those that are left. A few catalogs
 * change rarely and what they name stands in the texts of everything: one change in them, and all is read again.
 */

/** A catalog whose rows belong to a relation each, which is read again with all that is its. */
interface Tracked {
  readonly from: string;
  /** Unique in the catalog. */
  readonly key: string;
  /** Oid of the relation, the routine or what is commented on. */
  readonly owner: string;
  readonly where: string;
  readonly reads: 'relations' | 'routines' | 'comments';
  /** Rows of it go only with their owner, or by changing it. */
  readonly neverAlone?: boolean;
}

const OF_PEOPLE = 16_384;
const TABLE_OF_INDEX = `coalesce((SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = c.oid), c.oid)`;

const TRACKED: readonly Tracked[] = [
  {
    from: 'pg_class c',
    key: 'c.oid::int8',
    owner: `CASE WHEN c.relkind IN ('i', 'I') THEN ${TABLE_OF_INDEX} ELSE c.oid END`,
    where: `c.oid >= ${OF_PEOPLE} AND c.relkind <> 't'`,
    reads: 'relations',
  },
  {
    from: 'pg_attribute c',
    key: 'c.attrelid::int8',
    owner: 'c.attrelid',
    where: `c.attrelid >= ${OF_PEOPLE} AND c.attnum > 0`,
    reads: 'relations',
    neverAlone: true,
  },
  {
    from: 'pg_attrdef c',
    key: 'c.oid::int8',
    owner: 'c.adrelid',
    where: 'true',
    reads: 'relations',
    neverAlone: true,
  },
  {
    from: 'pg_sequence c',
    key: 'c.seqrelid::int8',
    owner: 'c.seqrelid',
    where: 'true',
    reads: 'relations',
    neverAlone: true,
  },
  {
    from: 'pg_index c',
    key: 'c.indexrelid::int8',
    owner: 'c.indrelid',
    where: `c.indexrelid >= ${OF_PEOPLE}`,
    reads: 'relations',
  },
  {
    from: 'pg_constraint c',
    key: 'c.oid::int8',
    owner: 'c.conrelid',
    where: `c.oid >= ${OF_PEOPLE} AND c.conrelid <> 0`,
    reads: 'relations',
  },
  {
    from: 'pg_trigger c',
    key: 'c.oid::int8',
    owner: 'c.tgrelid',
    where: 'NOT c.tgisinternal',
    reads: 'relations',
  },
  { from: 'pg_policy c', key: 'c.oid::int8', owner: 'c.polrelid', where: 'true', reads: 'relations' },
  {
    from: 'pg_rewrite c',
    key: 'c.oid::int8',
    owner: 'c.ev_class',
    where: `c.oid >= ${OF_PEOPLE}`,
    reads: 'relations',
  },
  { from: 'pg_statistic_ext c', key: 'c.oid::int8', owner: 'c.stxrelid', where: 'true', reads: 'relations' },
  {
    from: 'pg_inherits c',
    // Sums of it are compared, and one child may have several parents.
    key: 'c.inhrelid::int8 * 4294967 + c.inhparent::int8',
    owner: 'c.inhrelid',
    where: 'true',
    reads: 'relations',
  },
  {
    from: 'pg_proc c',
    key: 'c.oid::int8',
    owner: 'c.oid',
    where: `c.oid >= ${OF_PEOPLE}`,
    reads: 'routines',
  },
  {
    from: 'pg_description c',
    key: '(c.objoid::int8 * 4294967 + c.classoid::int8) * 1000 + c.objsubid',
    owner: 'c.objoid',
    where: `c.objoid >= ${OF_PEOPLE}`,
    reads: 'comments',
  },
];

/** Read as a whole when rows come to it; where rows change or go, what they named is called otherwise everywhere. */
const NAMING = [
  // public is older than everything of people.
  `SELECT oid, xmin FROM pg_namespace WHERE nspname !~ '^pg_'`,
  // Not the types that come with tables.
  `SELECT oid, xmin FROM pg_type WHERE oid >= ${OF_PEOPLE} AND typelem = 0
    AND (typtype <> 'c' OR typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c'))`,
  'SELECT oid, xmin FROM pg_enum',
  'SELECT oid, xmin FROM pg_constraint WHERE contypid <> 0',
];

/** Read as a whole when anything changes, and nothing else goes by them. */
const APART = ['pg_event_trigger', 'pg_publication', 'pg_publication_rel', 'pg_default_acl'].map(rowsOf);

/** What texts of others may name, or what makes others not count at all; without their own place in the comparison. */
const EVERYWHERE = [
  'pg_extension',
  'pg_collation',
  'pg_operator',
  'pg_opclass',
  'pg_opfamily',
  'pg_am',
  'pg_language',
  'pg_foreign_server',
  'pg_foreign_data_wrapper',
  'pg_ts_config',
  'pg_ts_dict',
].map(rowsOf);

/** Together, as each question costs the planner more than the rows cost to read. */
const WHOLES = [NAMING, APART, EVERYWHERE].map((queries) => `(${queries.join(' UNION ALL ')}) c`);

function rowsOf(catalog: string): string {
  return `SELECT oid, xmin FROM ${catalog} WHERE oid >= ${OF_PEOPLE}`;
}

/** Roles show no transaction to everybody; members of extensions have no oid. */
const SIGNS = [
  `SELECT count(*)::text || ' ' || coalesce(sum(hashtext(rolname)::int8 * (oid::int8 % 65537)), 0) FROM pg_roles`,
  `SELECT count(*)::text || ' ' || coalesce(sum(objid::int8), 0) FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'`,
] as const;

/** Number and sum of the keys of the rows of one catalog. */
const sum = z.tuple([z.number(), z.string()]);
const rows = z.array(z.tuple([z.string(), z.number()]));
const seenSchema = z.strictObject({
  /** The transaction from which on rows may be others at the next look. */
  next: z.string(),
  unfinished: z.boolean(),
  signs: z.array(z.string()),
  /** Of rows that are not fresh, and of all; then the fresh ones. */
  tracked: z.array(z.tuple([sum, sum, rows])),
  wholes: z.array(z.tuple([sum, sum])),
});

/** Catalogs of which there is nothing: what is read of them need not be asked. */
function emptyOnes(sums: readonly Sum[]): ReadonlySet<string> {
  return new Set(
    TRACKED.flatMap(({ from, neverAlone }, at) =>
      neverAlone || sums[at]?.[0] !== 0 ? [] : [from.replace(/ c$/, '')],
    ),
  );
}

/** What was there at one look. */
export interface Seen {
  readonly next: string;
  readonly signs: readonly string[];
  /** By catalog of `TRACKED`. */
  readonly sums: readonly Sum[];
  /** Of `NAMING`, `APART` and `EVERYWHERE`. */
  readonly wholes: readonly Sum[];
  /** By catalog of `TRACKED`: rows by key, with what they belong to. */
  readonly owners: readonly ReadonlyMap<string, number>[];
}

type Sum = readonly [count: number, sum: string];

export interface Changed {
  readonly seen: Seen;
  readonly wanted: Wanted;
  /** Of a transaction that is open and may be rolled back: then rows are as they were, and no look shows it. */
  readonly unfinished: boolean;
}

/**
 * Looks at what was written since `before`; undefined: all there is.
 *
 * @throws ConnectionLost `untruthful` when the server answers something else
 */
export async function lookForChanges(connection: Connection, before: Seen | undefined): Promise<Changed> {
  const { next, unfinished, signs, tracked, wholes } = await ask(connection, before?.next);
  const sums = tracked.map(([, all]) => all);
  const wholeSums = wholes.map(([, all]) => all);
  const everything = (): Changed => ({
    seen: {
      next,
      signs,
      sums,
      wholes: wholeSums,
      owners: tracked.map(([, , fresh]) => new Map(fresh)),
    },
    wanted: { ...ALL, empty: emptyOnes(sums) },
    unfinished,
  });
  if (!before) return everything();
  const lost = wholes.map(([old], at) => !same(old, before.wholes[at]));
  const [naming, apart, everywhere] = wholes.map(([old, all], at) => lost[at] === true || !same(old, all));
  if (signs.some((sign, at) => sign !== before.signs[at]) || lost[0] === true || everywhere === true)
    return lookForChanges(connection, undefined);
  const touched = { relations: new Set<number>(), routines: new Set<number>(), comments: new Set<number>() };
  const gone = TRACKED.map(
    ({ neverAlone }, at) => neverAlone !== true && !same(tracked[at]?.[0], before.sums[at]),
  );
  const left = gone.includes(true) ? await keysOf(connection, gone) : [];
  const owners = TRACKED.map(({ reads, neverAlone }, at) => {
    const known = before.owners[at] ?? new Map<string, number>();
    const fresh = tracked[at]?.[2] ?? [];
    for (const [, owner] of fresh) touched[reads].add(owner);
    if (neverAlone || (fresh.length === 0 && !gone[at])) return known;
    const now = new Map(known);
    if (gone[at]) {
      const there = new Set(left[at]);
      for (const [key, owner] of known) {
        if (there.has(key)) continue;
        now.delete(key);
        touched[reads].add(owner);
      }
    }
    for (const [key, owner] of fresh) now.set(key, owner);
    return now;
  });
  return {
    seen: { next, signs, sums, wholes: wholeSums, owners },
    wanted: {
      relations: [...touched.relations],
      routines: [...touched.routines],
      comments: [...touched.comments],
      others: naming === true || apart === true,
      empty: emptyOnes(sums),
    },
    unfinished,
  };
}

type Answer = z.infer<typeof seenSchema>;

async function ask(connection: Connection, since: string | undefined): Promise<Answer> {
  const [row] = await withOwnPath(connection, (sql) => connection.query(sql), question(since));
  const read = seenSchema.safeParse(fromJson(row?.['seen']));
  if (read.success) return read.data;
  throw new ConnectionLost(
    'untruthful',
    'The shadow database does not tell what is in its catalog any more.',
  );
}

const ALL = { relations: 'all', routines: 'all', comments: 'all', others: true } as const;

function same(one: Sum | undefined, other: Sum | undefined): boolean {
  return one !== undefined && other !== undefined && one[0] === other[0] && one[1] === other[1];
}

const NO_SUM = `json_build_array(0, '')`;

/** All of what is asked as one query that gives one JSON text. */
function question(since: string | undefined): string {
  // Relative to the same transaction, so that the numbers may wrap around.
  const fresh = since === undefined ? 'true' : `age(c.xmin) <= age('${since}'::xid)`;
  const sums = (key: string): string =>
    [`FILTER (WHERE NOT (${fresh}))`, '']
      .map((which) => `json_build_array(count(*) ${which}, coalesce(sum(${key}) ${which}, 0)::text)`)
      .join(', ');
  const tracked = TRACKED.map(({ from, key, owner, where, neverAlone }) => {
    const rows = `json_build_array((${key})::text, (${owner})::int8)`;
    return neverAlone
      ? `(SELECT json_build_array(${NO_SUM}, ${NO_SUM}, coalesce(json_agg(${rows}), '[]')) FROM ${from} WHERE ${where} AND ${fresh})`
      : `(SELECT json_build_array(${sums(key)}, coalesce(json_agg(${rows}) FILTER (WHERE ${fresh}), '[]')) FROM ${from} WHERE ${where})`;
  });
  const wholes = WHOLES.map((from) => `(SELECT json_build_array(${sums('c.oid::int8')}) FROM ${from})`);
  return `SELECT json_build_object(
'next', (pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296)::text,
'unfinished', pg_current_xact_id_if_assigned() IS NOT NULL,
'signs', json_build_array(${SIGNS.map((sign) => `(${sign})`).join(', ')}),
'tracked', json_build_array(${tracked.join(',\n')}),
'wholes', json_build_array(${wholes.join(',\n')})
)::text AS seen`;
}

/** The keys of the rows that are there, of some catalogs. */
async function keysOf(connection: Connection, asked: readonly boolean[]): Promise<readonly string[][]> {
  const lists = TRACKED.map(({ from, key, where }, at) =>
    asked[at]
      ? `(SELECT coalesce(json_agg((${key})::text), '[]') FROM ${from} WHERE ${where})`
      : `'[]'::json`,
  );
  const query = `SELECT json_build_array(${lists.join(',\n')})::text AS seen`;
  const [row] = await withOwnPath(connection, (sql) => connection.query(sql), query);
  const read = z.array(z.array(z.string())).safeParse(fromJson(row?.['seen']));
  return read.success ? read.data : [];
}

function fromJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
