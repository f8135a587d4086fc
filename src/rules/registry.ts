// Written by scripts/generate-registry.ts from the files of this folder: do not edit.
import type { Rule } from './rule.ts';
import { rule as r_add_foreign_key_not_valid } from './add-foreign-key-not-valid.ts';
import { rule as r_attach_partition } from './attach-partition.ts';
import { rule as r_concurrently_in_transaction } from './concurrently-in-transaction.ts';
import { rule as r_create_index_concurrently } from './create-index-concurrently.ts';
import { rule as r_delete_without_where } from './delete-without-where.ts';
import { rule as r_dependent_objects } from './dependent-objects.ts';
import { rule as r_detach_partition_concurrently } from './detach-partition-concurrently.ts';
import { rule as r_drop_cascade } from './drop-cascade.ts';
import { rule as r_drop_column } from './drop-column.ts';
import { rule as r_drop_column_drops_fk } from './drop-column-drops-fk.ts';
import { rule as r_drop_column_drops_pk } from './drop-column-drops-pk.ts';
import { rule as r_drop_column_drops_unique } from './drop-column-drops-unique.ts';
import { rule as r_drop_constraint } from './drop-constraint.ts';
import { rule as r_drop_constraint_backing_index } from './drop-constraint-backing-index.ts';
import { rule as r_drop_database } from './drop-database.ts';
import { rule as r_drop_index_concurrently } from './drop-index-concurrently.ts';
import { rule as r_drop_primary_key_replica_identity } from './drop-primary-key-replica-identity.ts';
import { rule as r_drop_schema } from './drop-schema.ts';
import { rule as r_drop_table } from './drop-table.ts';
import { rule as r_drop_trigger } from './drop-trigger.ts';
import { rule as r_drop_type } from './drop-type.ts';
import { rule as r_matview_with_data } from './matview-with-data.ts';
import { rule as r_partitioned_index_strategy } from './partitioned-index-strategy.ts';
import { rule as r_refresh_matview_concurrent_lock } from './refresh-matview-concurrent-lock.ts';
import { rule as r_refresh_matview_concurrently } from './refresh-matview-concurrently.ts';
import { rule as r_reindex_concurrently } from './reindex-concurrently.ts';
import { rule as r_rename_enum_value } from './rename-enum-value.ts';
import { rule as r_set_not_null } from './set-not-null.ts';
import { rule as r_set_schema } from './set-schema.ts';
import { rule as r_truncate } from './truncate.ts';
import { rule as r_truncate_cascade } from './truncate-cascade.ts';
import { rule as r_update_without_where } from './update-without-where.ts';

const all: readonly Rule[] = [
  r_add_foreign_key_not_valid,
  r_attach_partition,
  r_concurrently_in_transaction,
  r_create_index_concurrently,
  r_delete_without_where,
  r_dependent_objects,
  r_detach_partition_concurrently,
  r_drop_cascade,
  r_drop_column,
  r_drop_column_drops_fk,
  r_drop_column_drops_pk,
  r_drop_column_drops_unique,
  r_drop_constraint,
  r_drop_constraint_backing_index,
  r_drop_database,
  r_drop_index_concurrently,
  r_drop_primary_key_replica_identity,
  r_drop_schema,
  r_drop_table,
  r_drop_trigger,
  r_drop_type,
  r_matview_with_data,
  r_partitioned_index_strategy,
  r_refresh_matview_concurrent_lock,
  r_refresh_matview_concurrently,
  r_reindex_concurrently,
  r_rename_enum_value,
  r_set_not_null,
  r_set_schema,
  r_truncate,
  r_truncate_cascade,
  r_update_without_where,
];

/** Every rule by its id, in order of their ids. */
export const registry: ReadonlyMap<string, Rule> = new Map(all.map((rule) => [rule.id, rule]));
