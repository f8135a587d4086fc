import * as z from 'zod/mini';

/** What the queries of `queries.ts` answer. Checked, as a chamber that strangers' SQL ran in may say anything. */
const oid = z.int();

/** json_agg of nothing is null. */
function list<T extends z.core.$ZodType>(item: T) {
  return z.pipe(
    z.nullable(z.array(item)),
    z.transform((items) => items ?? []),
  );
}

const self = z.tuple([z.int(), z.string(), z.string()]);
/** Oid, schema, name, kind, filenode, TOAST table, tablespace, temporary. */
const relation = z.tuple([oid, oid, z.string(), z.string(), oid, oid, oid, z.boolean()]);
/** Catalog, oid, schema, owning relation or type, name, word, version of the row. */
const object = z.tuple([oid, oid, oid, oid, z.string(), z.string(), z.string()]);
/** Relation, number, name, definition, dropped. */
const column = z.tuple([oid, z.int(), z.string(), z.string(), z.boolean()]);
/** Relation, sequential scans, rows read by them, rows written. */
const counter = z.tuple([oid, z.number(), z.number(), z.number()]);
const pair = z.tuple([oid, oid]);

const common = {
  self,
  relations: list(relation),
  /** Index and its table. */
  indexes: list(pair),
  objects: list(object),
  columns: list(column),
  counters: list(counter),
};

export const inventorySchema = z.strictObject({
  ...common,
  schemas: list(z.tuple([oid, z.string()])),
  members: list(pair),
});
export type InventoryAnswer = z.infer<typeof inventorySchema>;

export const lookSchema = z.strictObject({
  ...common,
  nonce: z.string(),
  locks: list(z.tuple([oid, z.string()])),
  views: list(z.tuple([oid, z.string()])),
  unnamed: z.optional(list(oid)),
  suspects: z.optional(list(pair)),
  there: z.optional(list(z.tuple([oid, list(oid)]))),
});
export type LookAnswer = z.infer<typeof lookSchema>;

export const detailSchema = z.strictObject({ there: list(pair), members: list(pair) });
export type DetailAnswer = z.infer<typeof detailSchema>;
