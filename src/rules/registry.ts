// Written by scripts/generate-registry.ts from the files of this folder: do not edit.
import type { Rule } from './rule.ts';
import { rule as r_add_check_not_valid } from './add-check-not-valid.ts';
import { rule as r_add_column_default_pre_pg11 } from './add-column-default-pre-pg11.ts';
import { rule as r_add_column_not_null_default_dropped } from './add-column-not-null-default-dropped.ts';
import { rule as r_add_column_not_null_no_default } from './add-column-not-null-no-default.ts';
import { rule as r_add_column_volatile_default } from './add-column-volatile-default.ts';
import { rule as r_add_exclusion_constraint } from './add-exclusion-constraint.ts';
import { rule as r_add_foreign_key_not_valid } from './add-foreign-key-not-valid.ts';
import { rule as r_add_generated_stored_column } from './add-generated-stored-column.ts';
import { rule as r_add_index_too_many_columns } from './add-index-too-many-columns.ts';
import { rule as r_add_primary_key_using_index } from './add-primary-key-using-index.ts';
import { rule as r_add_serial_column } from './add-serial-column.ts';
import { rule as r_add_unique_data_dependent } from './add-unique-data-dependent.ts';
import { rule as r_add_unique_using_index } from './add-unique-using-index.ts';
import { rule as r_analyze_after_backfill } from './analyze-after-backfill.ts';
import { rule as r_attach_partition } from './attach-partition.ts';
import { rule as r_autovacuum_disabled } from './autovacuum-disabled.ts';
import { rule as r_breaking_change_not_marked } from './breaking-change-not-marked.ts';
import { rule as r_cannot_be_applied_again } from './cannot-be-applied-again.ts';
import { rule as r_chain_does_not_revert } from './chain-does-not-revert.ts';
import { rule as r_change_column_type } from './change-column-type.ts';
import { rule as r_change_default_partial_writes } from './change-default-partial-writes.ts';
import { rule as r_change_type_with_check_constraint } from './change-type-with-check-constraint.ts';
import { rule as r_citus_ddl } from './citus-ddl.ts';
import { rule as r_collation_change_rewrite } from './collation-change-rewrite.ts';
import { rule as r_column_order_alignment } from './column-order-alignment.ts';
import { rule as r_combine_alter_table } from './combine-alter-table.ts';
import { rule as r_concurrent_index_invalid_retry } from './concurrent-index-invalid-retry.ts';
import { rule as r_concurrently_in_transaction } from './concurrently-in-transaction.ts';
import { rule as r_configuration_changed } from './configuration-changed.ts';
import { rule as r_create_enum } from './create-enum.ts';
import { rule as r_create_index_concurrently } from './create-index-concurrently.ts';
import { rule as r_create_rule } from './create-rule.ts';
import { rule as r_create_table_force } from './create-table-force.ts';
import { rule as r_create_temporary_table } from './create-temporary-table.ts';
import { rule as r_create_then_rewrite } from './create-then-rewrite.ts';
import { rule as r_create_trigger } from './create-trigger.ts';
import { rule as r_create_unlogged_table } from './create-unlogged-table.ts';
import { rule as r_cumulative_lock_budget } from './cumulative-lock-budget.ts';
import { rule as r_data_lost_by_rollback } from './data-lost-by-rollback.ts';
import { rule as r_ddl_on_high_traffic_table } from './ddl-on-high-traffic-table.ts';
import { rule as r_ddl_on_large_table } from './ddl-on-large-table.ts';
import { rule as r_ddl_plus_backfill_same_transaction } from './ddl-plus-backfill-same-transaction.ts';
import { rule as r_default_partition } from './default-partition.ts';
import { rule as r_delete_without_where } from './delete-without-where.ts';
import { rule as r_dependency_cycle } from './dependency-cycle.ts';
import { rule as r_dependent_objects } from './dependent-objects.ts';
import { rule as r_depends_on_data } from './depends-on-data.ts';
import { rule as r_detach_partition_concurrently } from './detach-partition-concurrently.ts';
import { rule as r_disable_row_level_security } from './disable-row-level-security.ts';
import { rule as r_disable_trigger } from './disable-trigger.ts';
import { rule as r_dml_in_migration } from './dml-in-migration.ts';
import { rule as r_domain_constraint } from './domain-constraint.ts';
import { rule as r_down_does_not_revert_up } from './down-does-not-revert-up.ts';
import { rule as r_down_fails } from './down-fails.ts';
import { rule as r_drop_cascade } from './drop-cascade.ts';
import { rule as r_drop_column } from './drop-column.ts';
import { rule as r_drop_column_drops_fk } from './drop-column-drops-fk.ts';
import { rule as r_drop_column_drops_pk } from './drop-column-drops-pk.ts';
import { rule as r_drop_column_drops_unique } from './drop-column-drops-unique.ts';
import { rule as r_drop_constraint } from './drop-constraint.ts';
import { rule as r_drop_constraint_backing_index } from './drop-constraint-backing-index.ts';
import { rule as r_drop_database } from './drop-database.ts';
import { rule as r_drop_index_concurrently } from './drop-index-concurrently.ts';
import { rule as r_drop_not_null } from './drop-not-null.ts';
import { rule as r_drop_owned } from './drop-owned.ts';
import { rule as r_drop_policy } from './drop-policy.ts';
import { rule as r_drop_primary_key_replica_identity } from './drop-primary-key-replica-identity.ts';
import { rule as r_drop_schema } from './drop-schema.ts';
import { rule as r_drop_sequence } from './drop-sequence.ts';
import { rule as r_drop_table } from './drop-table.ts';
import { rule as r_drop_trigger } from './drop-trigger.ts';
import { rule as r_drop_type } from './drop-type.ts';
import { rule as r_duplicate_column_assignment } from './duplicate-column-assignment.ts';
import { rule as r_duplicate_id } from './duplicate-id.ts';
import { rule as r_duplicate_object } from './duplicate-object.ts';
import { rule as r_empty_down } from './empty-down.ts';
import { rule as r_enable_disable_trigger } from './enable-disable-trigger.ts';
import { rule as r_enum_add_value_in_transaction } from './enum-add-value-in-transaction.ts';
import { rule as r_enum_value_ordering } from './enum-value-ordering.ts';
import { rule as r_enum_value_used_in_same_transaction } from './enum-value-used-in-same-transaction.ts';
import { rule as r_exclusive_lock_with_many_connections } from './exclusive-lock-with-many-connections.ts';
import { rule as r_explicit_lock_table } from './explicit-lock-table.ts';
import { rule as r_extension_version_pin } from './extension-version-pin.ts';
import { rule as r_file_name } from './file-name.ts';
import { rule as r_fk_locks_both_tables } from './fk-locks-both-tables.ts';
import { rule as r_fk_nondeterministic_collation } from './fk-nondeterministic-collation.ts';
import { rule as r_fk_type_mismatch } from './fk-type-mismatch.ts';
import { rule as r_foreign_key_missing_index } from './foreign-key-missing-index.ts';
import { rule as r_gin_jsonb_advice } from './gin-jsonb-advice.ts';
import { rule as r_grant_mixed_with_ddl } from './grant-mixed-with-ddl.ts';
import { rule as r_grant_widening } from './grant-widening.ts';
import { rule as r_hash_index } from './hash-index.ts';
import { rule as r_hot_table_multi_touch } from './hot-table-multi-touch.ts';
import { rule as r_identifier_naming } from './identifier-naming.ts';
import { rule as r_identifier_too_long } from './identifier-too-long.ts';
import { rule as r_ignore_without_reason } from './ignore-without-reason.ts';
import { rule as r_index_build_after_access_exclusive } from './index-build-after-access-exclusive.ts';
import { rule as r_index_on_write_hot_table } from './index-on-write-hot-table.ts';
import { rule as r_integer_sequence_capacity } from './integer-sequence-capacity.ts';
import { rule as r_invalid_index_left } from './invalid-index-left.ts';
import { rule as r_irreversible_by_nature } from './irreversible-by-nature.ts';
import { rule as r_lock_kept_while_working } from './lock-kept-while-working.ts';
import { rule as r_lock_timeout_after_dangerous_statement } from './lock-timeout-after-dangerous-statement.ts';
import { rule as r_lock_timeout_out_of_range } from './lock-timeout-out-of-range.ts';
import { rule as r_lock_without_timeout } from './lock-without-timeout.ts';
import { rule as r_long_index_build } from './long-index-build.ts';
import { rule as r_longer_than_allowed } from './longer-than-allowed.ts';
import { rule as r_mandatory_columns } from './mandatory-columns.ts';
import { rule as r_matview_with_data } from './matview-with-data.ts';
import { rule as r_merged_migration_edited } from './merged-migration-edited.ts';
import { rule as r_metadata } from './metadata.ts';
import { rule as r_misleading_if_not_exists } from './misleading-if-not-exists.ts';
import { rule as r_missing_down } from './missing-down.ts';
import { rule as r_missing_up_marker } from './missing-up-marker.ts';
import { rule as r_multi_table_lock_transaction } from './multi-table-lock-transaction.ts';
import { rule as r_narrowing_type_change } from './narrowing-type-change.ts';
import { rule as r_no_composite_primary_key } from './no-composite-primary-key.ts';
import { rule as r_no_on_delete_cascade } from './no-on-delete-cascade.ts';
import { rule as r_non_linear_history } from './non-linear-history.ts';
import { rule as r_not_enforced_constraint } from './not-enforced-constraint.ts';
import { rule as r_order_file } from './order-file.ts';
import { rule as r_ordering_hazard } from './ordering-hazard.ts';
import { rule as r_partition_key_not_in_pk } from './partition-key-not-in-pk.ts';
import { rule as r_partitioned_index_strategy } from './partitioned-index-strategy.ts';
import { rule as r_partitioned_parent_fanout } from './partitioned-parent-fanout.ts';
import { rule as r_partman_managed } from './partman-managed.ts';
import { rule as r_pg14_concurrent_index_corruption } from './pg14-concurrent-index-corruption.ts';
import { rule as r_pg18_not_null_not_valid } from './pg18-not-null-not-valid.ts';
import { rule as r_pk_using_index_implicit_not_null } from './pk-using-index-implicit-not-null.ts';
import { rule as r_prefer_idempotent_statements } from './prefer-idempotent-statements.ts';
import { rule as r_prefer_repack_pg19 } from './prefer-repack-pg19.ts';
import { rule as r_reassign_owned } from './reassign-owned.ts';
import { rule as r_redundant_index } from './redundant-index.ts';
import { rule as r_refresh_matview_concurrent_lock } from './refresh-matview-concurrent-lock.ts';
import { rule as r_refresh_matview_concurrently } from './refresh-matview-concurrently.ts';
import { rule as r_reindex_concurrently } from './reindex-concurrently.ts';
import { rule as r_rename_column } from './rename-column.ts';
import { rule as r_rename_enum_value } from './rename-enum-value.ts';
import { rule as r_rename_schema } from './rename-schema.ts';
import { rule as r_rename_table } from './rename-table.ts';
import { rule as r_repeated_marker } from './repeated-marker.ts';
import { rule as r_replication_lag_risk } from './replication-lag-risk.ts';
import { rule as r_require_application_name } from './require-application-name.ts';
import { rule as r_require_deferrable_fk } from './require-deferrable-fk.ts';
import { rule as r_require_fk_include_columns } from './require-fk-include-columns.ts';
import { rule as r_require_idle_in_transaction_timeout } from './require-idle-in-transaction-timeout.ts';
import { rule as r_require_index_name } from './require-index-name.ts';
import { rule as r_require_lock_timeout } from './require-lock-timeout.ts';
import { rule as r_require_named_constraint } from './require-named-constraint.ts';
import { rule as r_require_on_delete } from './require-on-delete.ts';
import { rule as r_require_primary_key } from './require-primary-key.ts';
import { rule as r_require_schema_qualified } from './require-schema-qualified.ts';
import { rule as r_require_spatial_index } from './require-spatial-index.ts';
import { rule as r_require_statement_timeout } from './require-statement-timeout.ts';
import { rule as r_requires_downtime } from './requires-downtime.ts';
import { rule as r_rewrite_disk_headroom } from './rewrite-disk-headroom.ts';
import { rule as r_rewrite_while_locked } from './rewrite-while-locked.ts';
import { rule as r_rls_enabled_without_policy } from './rls-enabled-without-policy.ts';
import { rule as r_rls_policy_completeness } from './rls-policy-completeness.ts';
import { rule as r_row_level_security_required } from './row-level-security-required.ts';
import { rule as r_savepoint_subtransactions } from './savepoint-subtransactions.ts';
import { rule as r_security_definer_search_path } from './security-definer-search-path.ts';
import { rule as r_sequence_not_reset } from './sequence-not-reset.ts';
import { rule as r_set_access_method_rewrite } from './set-access-method-rewrite.ts';
import { rule as r_set_logged_unlogged } from './set-logged-unlogged.ts';
import { rule as r_set_not_null } from './set-not-null.ts';
import { rule as r_set_schema } from './set-schema.ts';
import { rule as r_set_tablespace_rewrite } from './set-tablespace-rewrite.ts';
import { rule as r_set_volatile_default } from './set-volatile-default.ts';
import { rule as r_slower_than_estimated } from './slower-than-estimated.ts';
import { rule as r_statement_after_access_exclusive } from './statement-after-access-exclusive.ts';
import { rule as r_statements_before_marker } from './statements-before-marker.ts';
import { rule as r_superuser_operation } from './superuser-operation.ts';
import { rule as r_syntax_error } from './syntax-error.ts';
import { rule as r_system_tables } from './system-tables.ts';
import { rule as r_table_read_under_lock } from './table-read-under-lock.ts';
import { rule as r_table_rewritten } from './table-rewritten.ts';
import { rule as r_timescale_ddl } from './timescale-ddl.ts';
import { rule as r_timescale_drop_chunks } from './timescale-drop-chunks.ts';
import { rule as r_toast_bloat } from './toast-bloat.ts';
import { rule as r_toast_lz4 } from './toast-lz4.ts';
import { rule as r_transaction_nesting } from './transaction-nesting.ts';
import { rule as r_truncate } from './truncate.ts';
import { rule as r_truncate_cascade } from './truncate-cascade.ts';
import { rule as r_type_char } from './type-char.ts';
import { rule as r_type_float } from './type-float.ts';
import { rule as r_type_int } from './type-int.ts';
import { rule as r_type_json } from './type-json.ts';
import { rule as r_type_money } from './type-money.ts';
import { rule as r_type_numeric_without_precision } from './type-numeric-without-precision.ts';
import { rule as r_type_serial } from './type-serial.ts';
import { rule as r_type_smallint } from './type-smallint.ts';
import { rule as r_type_timestamp } from './type-timestamp.ts';
import { rule as r_type_timestamp_precision_zero } from './type-timestamp-precision-zero.ts';
import { rule as r_type_timetz } from './type-timetz.ts';
import { rule as r_type_varchar } from './type-varchar.ts';
import { rule as r_unanalyzable_dynamic_sql } from './unanalyzable-dynamic-sql.ts';
import { rule as r_unbatched_backfill } from './unbatched-backfill.ts';
import { rule as r_uncommitted_transaction } from './uncommitted-transaction.ts';
import { rule as r_understated_risk } from './understated-risk.ts';
import { rule as r_unique_not_null_instead_of_pk } from './unique-not-null-instead-of-pk.ts';
import { rule as r_unknown_dependency } from './unknown-dependency.ts';
import { rule as r_unknown_directive } from './unknown-directive.ts';
import { rule as r_unknown_object } from './unknown-object.ts';
import { rule as r_unpaired_down } from './unpaired-down.ts';
import { rule as r_unused_suppression } from './unused-suppression.ts';
import { rule as r_up_fails } from './up-fails.ts';
import { rule as r_up_fails_on_rows } from './up-fails-on-rows.ts';
import { rule as r_update_without_where } from './update-without-where.ts';
import { rule as r_vacuum_full_or_cluster } from './vacuum-full-or-cluster.ts';
import { rule as r_validate_in_same_transaction } from './validate-in-same-transaction.ts';
import { rule as r_vector_index_advice } from './vector-index-advice.ts';
import { rule as r_verify_changes_something } from './verify-changes-something.ts';
import { rule as r_verify_fails } from './verify-fails.ts';
import { rule as r_volatile_check_constraint } from './volatile-check-constraint.ts';

const all: readonly Rule[] = [
  r_add_check_not_valid,
  r_add_column_default_pre_pg11,
  r_add_column_not_null_default_dropped,
  r_add_column_not_null_no_default,
  r_add_column_volatile_default,
  r_add_exclusion_constraint,
  r_add_foreign_key_not_valid,
  r_add_generated_stored_column,
  r_add_index_too_many_columns,
  r_add_primary_key_using_index,
  r_add_serial_column,
  r_add_unique_data_dependent,
  r_add_unique_using_index,
  r_analyze_after_backfill,
  r_attach_partition,
  r_autovacuum_disabled,
  r_breaking_change_not_marked,
  r_cannot_be_applied_again,
  r_chain_does_not_revert,
  r_change_column_type,
  r_change_default_partial_writes,
  r_change_type_with_check_constraint,
  r_citus_ddl,
  r_collation_change_rewrite,
  r_column_order_alignment,
  r_combine_alter_table,
  r_concurrent_index_invalid_retry,
  r_concurrently_in_transaction,
  r_configuration_changed,
  r_create_enum,
  r_create_index_concurrently,
  r_create_rule,
  r_create_table_force,
  r_create_temporary_table,
  r_create_then_rewrite,
  r_create_trigger,
  r_create_unlogged_table,
  r_cumulative_lock_budget,
  r_data_lost_by_rollback,
  r_ddl_on_high_traffic_table,
  r_ddl_on_large_table,
  r_ddl_plus_backfill_same_transaction,
  r_default_partition,
  r_delete_without_where,
  r_dependency_cycle,
  r_dependent_objects,
  r_depends_on_data,
  r_detach_partition_concurrently,
  r_disable_row_level_security,
  r_disable_trigger,
  r_dml_in_migration,
  r_domain_constraint,
  r_down_does_not_revert_up,
  r_down_fails,
  r_drop_cascade,
  r_drop_column,
  r_drop_column_drops_fk,
  r_drop_column_drops_pk,
  r_drop_column_drops_unique,
  r_drop_constraint,
  r_drop_constraint_backing_index,
  r_drop_database,
  r_drop_index_concurrently,
  r_drop_not_null,
  r_drop_owned,
  r_drop_policy,
  r_drop_primary_key_replica_identity,
  r_drop_schema,
  r_drop_sequence,
  r_drop_table,
  r_drop_trigger,
  r_drop_type,
  r_duplicate_column_assignment,
  r_duplicate_id,
  r_duplicate_object,
  r_empty_down,
  r_enable_disable_trigger,
  r_enum_add_value_in_transaction,
  r_enum_value_ordering,
  r_enum_value_used_in_same_transaction,
  r_exclusive_lock_with_many_connections,
  r_explicit_lock_table,
  r_extension_version_pin,
  r_file_name,
  r_fk_locks_both_tables,
  r_fk_nondeterministic_collation,
  r_fk_type_mismatch,
  r_foreign_key_missing_index,
  r_gin_jsonb_advice,
  r_grant_mixed_with_ddl,
  r_grant_widening,
  r_hash_index,
  r_hot_table_multi_touch,
  r_identifier_naming,
  r_identifier_too_long,
  r_ignore_without_reason,
  r_index_build_after_access_exclusive,
  r_index_on_write_hot_table,
  r_integer_sequence_capacity,
  r_invalid_index_left,
  r_irreversible_by_nature,
  r_lock_kept_while_working,
  r_lock_timeout_after_dangerous_statement,
  r_lock_timeout_out_of_range,
  r_lock_without_timeout,
  r_long_index_build,
  r_longer_than_allowed,
  r_mandatory_columns,
  r_matview_with_data,
  r_merged_migration_edited,
  r_metadata,
  r_misleading_if_not_exists,
  r_missing_down,
  r_missing_up_marker,
  r_multi_table_lock_transaction,
  r_narrowing_type_change,
  r_no_composite_primary_key,
  r_no_on_delete_cascade,
  r_non_linear_history,
  r_not_enforced_constraint,
  r_order_file,
  r_ordering_hazard,
  r_partition_key_not_in_pk,
  r_partitioned_index_strategy,
  r_partitioned_parent_fanout,
  r_partman_managed,
  r_pg14_concurrent_index_corruption,
  r_pg18_not_null_not_valid,
  r_pk_using_index_implicit_not_null,
  r_prefer_idempotent_statements,
  r_prefer_repack_pg19,
  r_reassign_owned,
  r_redundant_index,
  r_refresh_matview_concurrent_lock,
  r_refresh_matview_concurrently,
  r_reindex_concurrently,
  r_rename_column,
  r_rename_enum_value,
  r_rename_schema,
  r_rename_table,
  r_repeated_marker,
  r_replication_lag_risk,
  r_require_application_name,
  r_require_deferrable_fk,
  r_require_fk_include_columns,
  r_require_idle_in_transaction_timeout,
  r_require_index_name,
  r_require_lock_timeout,
  r_require_named_constraint,
  r_require_on_delete,
  r_require_primary_key,
  r_require_schema_qualified,
  r_require_spatial_index,
  r_require_statement_timeout,
  r_requires_downtime,
  r_rewrite_disk_headroom,
  r_rewrite_while_locked,
  r_rls_enabled_without_policy,
  r_rls_policy_completeness,
  r_row_level_security_required,
  r_savepoint_subtransactions,
  r_security_definer_search_path,
  r_sequence_not_reset,
  r_set_access_method_rewrite,
  r_set_logged_unlogged,
  r_set_not_null,
  r_set_schema,
  r_set_tablespace_rewrite,
  r_set_volatile_default,
  r_slower_than_estimated,
  r_statement_after_access_exclusive,
  r_statements_before_marker,
  r_superuser_operation,
  r_syntax_error,
  r_system_tables,
  r_table_read_under_lock,
  r_table_rewritten,
  r_timescale_ddl,
  r_timescale_drop_chunks,
  r_toast_bloat,
  r_toast_lz4,
  r_transaction_nesting,
  r_truncate,
  r_truncate_cascade,
  r_type_char,
  r_type_float,
  r_type_int,
  r_type_json,
  r_type_money,
  r_type_numeric_without_precision,
  r_type_serial,
  r_type_smallint,
  r_type_timestamp,
  r_type_timestamp_precision_zero,
  r_type_timetz,
  r_type_varchar,
  r_unanalyzable_dynamic_sql,
  r_unbatched_backfill,
  r_uncommitted_transaction,
  r_understated_risk,
  r_unique_not_null_instead_of_pk,
  r_unknown_dependency,
  r_unknown_directive,
  r_unknown_object,
  r_unpaired_down,
  r_unused_suppression,
  r_up_fails,
  r_up_fails_on_rows,
  r_update_without_where,
  r_vacuum_full_or_cluster,
  r_validate_in_same_transaction,
  r_vector_index_advice,
  r_verify_changes_something,
  r_verify_fails,
  r_volatile_check_constraint,
];

/** Every rule by its id, in order of their ids. */
export const registry: ReadonlyMap<string, Rule> = new Map(all.map((rule) => [rule.id, rule]));
