// Written by scripts/generate-registry.ts from the files of this folder: do not edit.
import { examples as r_add_check_not_valid } from './add-check-not-valid.ts';
import { examples as r_add_column_default_pre_pg11 } from './add-column-default-pre-pg11.ts';
import { examples as r_add_column_not_null_default_dropped } from './add-column-not-null-default-dropped.ts';
import { examples as r_add_column_not_null_no_default } from './add-column-not-null-no-default.ts';
import { examples as r_add_column_volatile_default } from './add-column-volatile-default.ts';
import { examples as r_add_exclusion_constraint } from './add-exclusion-constraint.ts';
import { examples as r_add_foreign_key_not_valid } from './add-foreign-key-not-valid.ts';
import { examples as r_add_generated_stored_column } from './add-generated-stored-column.ts';
import { examples as r_add_index_too_many_columns } from './add-index-too-many-columns.ts';
import { examples as r_add_primary_key_using_index } from './add-primary-key-using-index.ts';
import { examples as r_add_serial_column } from './add-serial-column.ts';
import { examples as r_add_unique_data_dependent } from './add-unique-data-dependent.ts';
import { examples as r_add_unique_using_index } from './add-unique-using-index.ts';
import { examples as r_analyze_after_backfill } from './analyze-after-backfill.ts';
import { examples as r_attach_partition } from './attach-partition.ts';
import { examples as r_autovacuum_disabled } from './autovacuum-disabled.ts';
import { examples as r_breaking_change_not_marked } from './breaking-change-not-marked.ts';
import { examples as r_cannot_be_applied_again } from './cannot-be-applied-again.ts';
import { examples as r_chain_does_not_revert } from './chain-does-not-revert.ts';
import { examples as r_change_column_type } from './change-column-type.ts';
import { examples as r_change_default_partial_writes } from './change-default-partial-writes.ts';
import { examples as r_change_type_with_check_constraint } from './change-type-with-check-constraint.ts';
import { examples as r_citus_ddl } from './citus-ddl.ts';
import { examples as r_collation_change_rewrite } from './collation-change-rewrite.ts';
import { examples as r_column_order_alignment } from './column-order-alignment.ts';
import { examples as r_combine_alter_table } from './combine-alter-table.ts';
import { examples as r_concurrent_index_invalid_retry } from './concurrent-index-invalid-retry.ts';
import { examples as r_concurrently_in_transaction } from './concurrently-in-transaction.ts';
import { examples as r_configuration_changed } from './configuration-changed.ts';
import { examples as r_create_enum } from './create-enum.ts';
import { examples as r_create_index_concurrently } from './create-index-concurrently.ts';
import { examples as r_create_rule } from './create-rule.ts';
import { examples as r_create_table_force } from './create-table-force.ts';
import { examples as r_create_temporary_table } from './create-temporary-table.ts';
import { examples as r_create_then_rewrite } from './create-then-rewrite.ts';
import { examples as r_create_trigger } from './create-trigger.ts';
import { examples as r_create_unlogged_table } from './create-unlogged-table.ts';
import { examples as r_cumulative_lock_budget } from './cumulative-lock-budget.ts';
import { examples as r_data_lost_by_rollback } from './data-lost-by-rollback.ts';
import { examples as r_ddl_on_high_traffic_table } from './ddl-on-high-traffic-table.ts';
import { examples as r_ddl_on_large_table } from './ddl-on-large-table.ts';
import { examples as r_ddl_plus_backfill_same_transaction } from './ddl-plus-backfill-same-transaction.ts';
import { examples as r_default_partition } from './default-partition.ts';
import { examples as r_delete_without_where } from './delete-without-where.ts';
import { examples as r_dependency_cycle } from './dependency-cycle.ts';
import { examples as r_dependent_objects } from './dependent-objects.ts';
import { examples as r_depends_on_data } from './depends-on-data.ts';
import { examples as r_detach_partition_concurrently } from './detach-partition-concurrently.ts';
import { examples as r_disable_row_level_security } from './disable-row-level-security.ts';
import { examples as r_disable_trigger } from './disable-trigger.ts';
import { examples as r_dml_in_migration } from './dml-in-migration.ts';
import { examples as r_domain_constraint } from './domain-constraint.ts';
import { examples as r_down_does_not_revert_up } from './down-does-not-revert-up.ts';
import { examples as r_down_fails } from './down-fails.ts';
import { examples as r_drop_cascade } from './drop-cascade.ts';
import { examples as r_drop_column } from './drop-column.ts';
import { examples as r_drop_column_drops_fk } from './drop-column-drops-fk.ts';
import { examples as r_drop_column_drops_pk } from './drop-column-drops-pk.ts';
import { examples as r_drop_column_drops_unique } from './drop-column-drops-unique.ts';
import { examples as r_drop_constraint } from './drop-constraint.ts';
import { examples as r_drop_constraint_backing_index } from './drop-constraint-backing-index.ts';
import { examples as r_drop_database } from './drop-database.ts';
import { examples as r_drop_index_concurrently } from './drop-index-concurrently.ts';
import { examples as r_drop_not_null } from './drop-not-null.ts';
import { examples as r_drop_owned } from './drop-owned.ts';
import { examples as r_drop_policy } from './drop-policy.ts';
import { examples as r_drop_primary_key_replica_identity } from './drop-primary-key-replica-identity.ts';
import { examples as r_drop_schema } from './drop-schema.ts';
import { examples as r_drop_sequence } from './drop-sequence.ts';
import { examples as r_drop_table } from './drop-table.ts';
import { examples as r_drop_trigger } from './drop-trigger.ts';
import { examples as r_drop_type } from './drop-type.ts';
import { examples as r_duplicate_column_assignment } from './duplicate-column-assignment.ts';
import { examples as r_duplicate_id } from './duplicate-id.ts';
import { examples as r_duplicate_object } from './duplicate-object.ts';
import { examples as r_empty_down } from './empty-down.ts';
import { examples as r_enable_disable_trigger } from './enable-disable-trigger.ts';
import { examples as r_enum_add_value_in_transaction } from './enum-add-value-in-transaction.ts';
import { examples as r_enum_value_ordering } from './enum-value-ordering.ts';
import { examples as r_enum_value_used_in_same_transaction } from './enum-value-used-in-same-transaction.ts';
import { examples as r_exclusive_lock_with_many_connections } from './exclusive-lock-with-many-connections.ts';
import { examples as r_explicit_lock_table } from './explicit-lock-table.ts';
import { examples as r_extension_version_pin } from './extension-version-pin.ts';
import { examples as r_file_name } from './file-name.ts';
import { examples as r_fk_locks_both_tables } from './fk-locks-both-tables.ts';
import { examples as r_fk_nondeterministic_collation } from './fk-nondeterministic-collation.ts';
import { examples as r_fk_type_mismatch } from './fk-type-mismatch.ts';
import { examples as r_foreign_key_missing_index } from './foreign-key-missing-index.ts';
import { examples as r_gin_jsonb_advice } from './gin-jsonb-advice.ts';
import { examples as r_grant_mixed_with_ddl } from './grant-mixed-with-ddl.ts';
import { examples as r_grant_widening } from './grant-widening.ts';
import { examples as r_hash_index } from './hash-index.ts';
import { examples as r_hot_table_multi_touch } from './hot-table-multi-touch.ts';
import { examples as r_identifier_naming } from './identifier-naming.ts';
import { examples as r_identifier_too_long } from './identifier-too-long.ts';
import { examples as r_ignore_without_reason } from './ignore-without-reason.ts';
import { examples as r_index_build_after_access_exclusive } from './index-build-after-access-exclusive.ts';
import { examples as r_index_on_write_hot_table } from './index-on-write-hot-table.ts';
import { examples as r_integer_sequence_capacity } from './integer-sequence-capacity.ts';
import { examples as r_invalid_index_left } from './invalid-index-left.ts';
import { examples as r_irreversible_by_nature } from './irreversible-by-nature.ts';
import { examples as r_lock_kept_while_working } from './lock-kept-while-working.ts';
import { examples as r_lock_timeout_after_dangerous_statement } from './lock-timeout-after-dangerous-statement.ts';
import { examples as r_lock_timeout_out_of_range } from './lock-timeout-out-of-range.ts';
import { examples as r_lock_without_timeout } from './lock-without-timeout.ts';
import { examples as r_long_index_build } from './long-index-build.ts';
import { examples as r_longer_than_allowed } from './longer-than-allowed.ts';
import { examples as r_mandatory_columns } from './mandatory-columns.ts';
import { examples as r_matview_with_data } from './matview-with-data.ts';
import { examples as r_merged_migration_edited } from './merged-migration-edited.ts';
import { examples as r_metadata } from './metadata.ts';
import { examples as r_misleading_if_not_exists } from './misleading-if-not-exists.ts';
import { examples as r_missing_down } from './missing-down.ts';
import { examples as r_missing_up_marker } from './missing-up-marker.ts';
import { examples as r_multi_table_lock_transaction } from './multi-table-lock-transaction.ts';
import { examples as r_narrowing_type_change } from './narrowing-type-change.ts';
import { examples as r_no_composite_primary_key } from './no-composite-primary-key.ts';
import { examples as r_no_on_delete_cascade } from './no-on-delete-cascade.ts';
import { examples as r_non_linear_history } from './non-linear-history.ts';
import { examples as r_not_enforced_constraint } from './not-enforced-constraint.ts';
import { examples as r_order_file } from './order-file.ts';
import { examples as r_ordering_hazard } from './ordering-hazard.ts';
import { examples as r_partition_key_not_in_pk } from './partition-key-not-in-pk.ts';
import { examples as r_partitioned_index_strategy } from './partitioned-index-strategy.ts';
import { examples as r_partitioned_parent_fanout } from './partitioned-parent-fanout.ts';
import { examples as r_partman_managed } from './partman-managed.ts';
import { examples as r_pg14_concurrent_index_corruption } from './pg14-concurrent-index-corruption.ts';
import { examples as r_pg18_not_null_not_valid } from './pg18-not-null-not-valid.ts';
import { examples as r_pk_using_index_implicit_not_null } from './pk-using-index-implicit-not-null.ts';
import { examples as r_prefer_idempotent_statements } from './prefer-idempotent-statements.ts';
import { examples as r_prefer_repack_pg19 } from './prefer-repack-pg19.ts';
import { examples as r_reassign_owned } from './reassign-owned.ts';
import { examples as r_redundant_index } from './redundant-index.ts';
import { examples as r_refresh_matview_concurrent_lock } from './refresh-matview-concurrent-lock.ts';
import { examples as r_refresh_matview_concurrently } from './refresh-matview-concurrently.ts';
import { examples as r_reindex_concurrently } from './reindex-concurrently.ts';
import { examples as r_rename_column } from './rename-column.ts';
import { examples as r_rename_enum_value } from './rename-enum-value.ts';
import { examples as r_rename_schema } from './rename-schema.ts';
import { examples as r_rename_table } from './rename-table.ts';
import { examples as r_repeated_marker } from './repeated-marker.ts';
import { examples as r_replication_lag_risk } from './replication-lag-risk.ts';
import { examples as r_require_application_name } from './require-application-name.ts';
import { examples as r_require_deferrable_fk } from './require-deferrable-fk.ts';
import { examples as r_require_fk_include_columns } from './require-fk-include-columns.ts';
import { examples as r_require_idle_in_transaction_timeout } from './require-idle-in-transaction-timeout.ts';
import { examples as r_require_index_name } from './require-index-name.ts';
import { examples as r_require_lock_timeout } from './require-lock-timeout.ts';
import { examples as r_require_named_constraint } from './require-named-constraint.ts';
import { examples as r_require_on_delete } from './require-on-delete.ts';
import { examples as r_require_primary_key } from './require-primary-key.ts';
import { examples as r_require_schema_qualified } from './require-schema-qualified.ts';
import { examples as r_require_spatial_index } from './require-spatial-index.ts';
import { examples as r_require_statement_timeout } from './require-statement-timeout.ts';
import { examples as r_requires_downtime } from './requires-downtime.ts';
import { examples as r_rewrite_disk_headroom } from './rewrite-disk-headroom.ts';
import { examples as r_rewrite_while_locked } from './rewrite-while-locked.ts';
import { examples as r_rls_enabled_without_policy } from './rls-enabled-without-policy.ts';
import { examples as r_rls_policy_completeness } from './rls-policy-completeness.ts';
import { examples as r_row_level_security_required } from './row-level-security-required.ts';
import { examples as r_savepoint_subtransactions } from './savepoint-subtransactions.ts';
import { examples as r_security_definer_search_path } from './security-definer-search-path.ts';
import { examples as r_sequence_not_reset } from './sequence-not-reset.ts';
import { examples as r_set_access_method_rewrite } from './set-access-method-rewrite.ts';
import { examples as r_set_logged_unlogged } from './set-logged-unlogged.ts';
import { examples as r_set_not_null } from './set-not-null.ts';
import { examples as r_set_schema } from './set-schema.ts';
import { examples as r_set_tablespace_rewrite } from './set-tablespace-rewrite.ts';
import { examples as r_set_volatile_default } from './set-volatile-default.ts';
import { examples as r_slower_than_estimated } from './slower-than-estimated.ts';
import { examples as r_statement_after_access_exclusive } from './statement-after-access-exclusive.ts';
import { examples as r_statements_before_marker } from './statements-before-marker.ts';
import { examples as r_superuser_operation } from './superuser-operation.ts';
import { examples as r_syntax_error } from './syntax-error.ts';
import { examples as r_system_tables } from './system-tables.ts';
import { examples as r_table_read_under_lock } from './table-read-under-lock.ts';
import { examples as r_table_rewritten } from './table-rewritten.ts';
import { examples as r_timescale_ddl } from './timescale-ddl.ts';
import { examples as r_timescale_drop_chunks } from './timescale-drop-chunks.ts';
import { examples as r_toast_bloat } from './toast-bloat.ts';
import { examples as r_toast_lz4 } from './toast-lz4.ts';
import { examples as r_transaction_nesting } from './transaction-nesting.ts';
import { examples as r_truncate } from './truncate.ts';
import { examples as r_truncate_cascade } from './truncate-cascade.ts';
import { examples as r_type_char } from './type-char.ts';
import { examples as r_type_float } from './type-float.ts';
import { examples as r_type_int } from './type-int.ts';
import { examples as r_type_json } from './type-json.ts';
import { examples as r_type_money } from './type-money.ts';
import { examples as r_type_numeric_without_precision } from './type-numeric-without-precision.ts';
import { examples as r_type_serial } from './type-serial.ts';
import { examples as r_type_smallint } from './type-smallint.ts';
import { examples as r_type_timestamp } from './type-timestamp.ts';
import { examples as r_type_timestamp_precision_zero } from './type-timestamp-precision-zero.ts';
import { examples as r_type_timetz } from './type-timetz.ts';
import { examples as r_type_varchar } from './type-varchar.ts';
import { examples as r_unanalyzable_dynamic_sql } from './unanalyzable-dynamic-sql.ts';
import { examples as r_unbatched_backfill } from './unbatched-backfill.ts';
import { examples as r_uncommitted_transaction } from './uncommitted-transaction.ts';
import { examples as r_understated_risk } from './understated-risk.ts';
import { examples as r_unique_not_null_instead_of_pk } from './unique-not-null-instead-of-pk.ts';
import { examples as r_unknown_dependency } from './unknown-dependency.ts';
import { examples as r_unknown_directive } from './unknown-directive.ts';
import { examples as r_unknown_object } from './unknown-object.ts';
import { examples as r_unpaired_down } from './unpaired-down.ts';
import { examples as r_unused_suppression } from './unused-suppression.ts';
import { examples as r_up_fails } from './up-fails.ts';
import { examples as r_up_fails_on_rows } from './up-fails-on-rows.ts';
import { examples as r_update_without_where } from './update-without-where.ts';
import { examples as r_vacuum_full_or_cluster } from './vacuum-full-or-cluster.ts';
import { examples as r_validate_in_same_transaction } from './validate-in-same-transaction.ts';
import { examples as r_vector_index_advice } from './vector-index-advice.ts';
import { examples as r_verify_changes_something } from './verify-changes-something.ts';
import { examples as r_verify_fails } from './verify-fails.ts';
import { examples as r_volatile_check_constraint } from './volatile-check-constraint.ts';
import type { RuleExamples } from './rule.ts';

/** The examples of every rule by its id. */
export const examples: ReadonlyMap<string, RuleExamples> = new Map([
  ['add-check-not-valid', r_add_check_not_valid],
  ['add-column-default-pre-pg11', r_add_column_default_pre_pg11],
  ['add-column-not-null-default-dropped', r_add_column_not_null_default_dropped],
  ['add-column-not-null-no-default', r_add_column_not_null_no_default],
  ['add-column-volatile-default', r_add_column_volatile_default],
  ['add-exclusion-constraint', r_add_exclusion_constraint],
  ['add-foreign-key-not-valid', r_add_foreign_key_not_valid],
  ['add-generated-stored-column', r_add_generated_stored_column],
  ['add-index-too-many-columns', r_add_index_too_many_columns],
  ['add-primary-key-using-index', r_add_primary_key_using_index],
  ['add-serial-column', r_add_serial_column],
  ['add-unique-data-dependent', r_add_unique_data_dependent],
  ['add-unique-using-index', r_add_unique_using_index],
  ['analyze-after-backfill', r_analyze_after_backfill],
  ['attach-partition', r_attach_partition],
  ['autovacuum-disabled', r_autovacuum_disabled],
  ['breaking-change-not-marked', r_breaking_change_not_marked],
  ['cannot-be-applied-again', r_cannot_be_applied_again],
  ['chain-does-not-revert', r_chain_does_not_revert],
  ['change-column-type', r_change_column_type],
  ['change-default-partial-writes', r_change_default_partial_writes],
  ['change-type-with-check-constraint', r_change_type_with_check_constraint],
  ['citus-ddl', r_citus_ddl],
  ['collation-change-rewrite', r_collation_change_rewrite],
  ['column-order-alignment', r_column_order_alignment],
  ['combine-alter-table', r_combine_alter_table],
  ['concurrent-index-invalid-retry', r_concurrent_index_invalid_retry],
  ['concurrently-in-transaction', r_concurrently_in_transaction],
  ['configuration-changed', r_configuration_changed],
  ['create-enum', r_create_enum],
  ['create-index-concurrently', r_create_index_concurrently],
  ['create-rule', r_create_rule],
  ['create-table-force', r_create_table_force],
  ['create-temporary-table', r_create_temporary_table],
  ['create-then-rewrite', r_create_then_rewrite],
  ['create-trigger', r_create_trigger],
  ['create-unlogged-table', r_create_unlogged_table],
  ['cumulative-lock-budget', r_cumulative_lock_budget],
  ['data-lost-by-rollback', r_data_lost_by_rollback],
  ['ddl-on-high-traffic-table', r_ddl_on_high_traffic_table],
  ['ddl-on-large-table', r_ddl_on_large_table],
  ['ddl-plus-backfill-same-transaction', r_ddl_plus_backfill_same_transaction],
  ['default-partition', r_default_partition],
  ['delete-without-where', r_delete_without_where],
  ['dependency-cycle', r_dependency_cycle],
  ['dependent-objects', r_dependent_objects],
  ['depends-on-data', r_depends_on_data],
  ['detach-partition-concurrently', r_detach_partition_concurrently],
  ['disable-row-level-security', r_disable_row_level_security],
  ['disable-trigger', r_disable_trigger],
  ['dml-in-migration', r_dml_in_migration],
  ['domain-constraint', r_domain_constraint],
  ['down-does-not-revert-up', r_down_does_not_revert_up],
  ['down-fails', r_down_fails],
  ['drop-cascade', r_drop_cascade],
  ['drop-column', r_drop_column],
  ['drop-column-drops-fk', r_drop_column_drops_fk],
  ['drop-column-drops-pk', r_drop_column_drops_pk],
  ['drop-column-drops-unique', r_drop_column_drops_unique],
  ['drop-constraint', r_drop_constraint],
  ['drop-constraint-backing-index', r_drop_constraint_backing_index],
  ['drop-database', r_drop_database],
  ['drop-index-concurrently', r_drop_index_concurrently],
  ['drop-not-null', r_drop_not_null],
  ['drop-owned', r_drop_owned],
  ['drop-policy', r_drop_policy],
  ['drop-primary-key-replica-identity', r_drop_primary_key_replica_identity],
  ['drop-schema', r_drop_schema],
  ['drop-sequence', r_drop_sequence],
  ['drop-table', r_drop_table],
  ['drop-trigger', r_drop_trigger],
  ['drop-type', r_drop_type],
  ['duplicate-column-assignment', r_duplicate_column_assignment],
  ['duplicate-id', r_duplicate_id],
  ['duplicate-object', r_duplicate_object],
  ['empty-down', r_empty_down],
  ['enable-disable-trigger', r_enable_disable_trigger],
  ['enum-add-value-in-transaction', r_enum_add_value_in_transaction],
  ['enum-value-ordering', r_enum_value_ordering],
  ['enum-value-used-in-same-transaction', r_enum_value_used_in_same_transaction],
  ['exclusive-lock-with-many-connections', r_exclusive_lock_with_many_connections],
  ['explicit-lock-table', r_explicit_lock_table],
  ['extension-version-pin', r_extension_version_pin],
  ['file-name', r_file_name],
  ['fk-locks-both-tables', r_fk_locks_both_tables],
  ['fk-nondeterministic-collation', r_fk_nondeterministic_collation],
  ['fk-type-mismatch', r_fk_type_mismatch],
  ['foreign-key-missing-index', r_foreign_key_missing_index],
  ['gin-jsonb-advice', r_gin_jsonb_advice],
  ['grant-mixed-with-ddl', r_grant_mixed_with_ddl],
  ['grant-widening', r_grant_widening],
  ['hash-index', r_hash_index],
  ['hot-table-multi-touch', r_hot_table_multi_touch],
  ['identifier-naming', r_identifier_naming],
  ['identifier-too-long', r_identifier_too_long],
  ['ignore-without-reason', r_ignore_without_reason],
  ['index-build-after-access-exclusive', r_index_build_after_access_exclusive],
  ['index-on-write-hot-table', r_index_on_write_hot_table],
  ['integer-sequence-capacity', r_integer_sequence_capacity],
  ['invalid-index-left', r_invalid_index_left],
  ['irreversible-by-nature', r_irreversible_by_nature],
  ['lock-kept-while-working', r_lock_kept_while_working],
  ['lock-timeout-after-dangerous-statement', r_lock_timeout_after_dangerous_statement],
  ['lock-timeout-out-of-range', r_lock_timeout_out_of_range],
  ['lock-without-timeout', r_lock_without_timeout],
  ['long-index-build', r_long_index_build],
  ['longer-than-allowed', r_longer_than_allowed],
  ['mandatory-columns', r_mandatory_columns],
  ['matview-with-data', r_matview_with_data],
  ['merged-migration-edited', r_merged_migration_edited],
  ['metadata', r_metadata],
  ['misleading-if-not-exists', r_misleading_if_not_exists],
  ['missing-down', r_missing_down],
  ['missing-up-marker', r_missing_up_marker],
  ['multi-table-lock-transaction', r_multi_table_lock_transaction],
  ['narrowing-type-change', r_narrowing_type_change],
  ['no-composite-primary-key', r_no_composite_primary_key],
  ['no-on-delete-cascade', r_no_on_delete_cascade],
  ['non-linear-history', r_non_linear_history],
  ['not-enforced-constraint', r_not_enforced_constraint],
  ['order-file', r_order_file],
  ['ordering-hazard', r_ordering_hazard],
  ['partition-key-not-in-pk', r_partition_key_not_in_pk],
  ['partitioned-index-strategy', r_partitioned_index_strategy],
  ['partitioned-parent-fanout', r_partitioned_parent_fanout],
  ['partman-managed', r_partman_managed],
  ['pg14-concurrent-index-corruption', r_pg14_concurrent_index_corruption],
  ['pg18-not-null-not-valid', r_pg18_not_null_not_valid],
  ['pk-using-index-implicit-not-null', r_pk_using_index_implicit_not_null],
  ['prefer-idempotent-statements', r_prefer_idempotent_statements],
  ['prefer-repack-pg19', r_prefer_repack_pg19],
  ['reassign-owned', r_reassign_owned],
  ['redundant-index', r_redundant_index],
  ['refresh-matview-concurrent-lock', r_refresh_matview_concurrent_lock],
  ['refresh-matview-concurrently', r_refresh_matview_concurrently],
  ['reindex-concurrently', r_reindex_concurrently],
  ['rename-column', r_rename_column],
  ['rename-enum-value', r_rename_enum_value],
  ['rename-schema', r_rename_schema],
  ['rename-table', r_rename_table],
  ['repeated-marker', r_repeated_marker],
  ['replication-lag-risk', r_replication_lag_risk],
  ['require-application-name', r_require_application_name],
  ['require-deferrable-fk', r_require_deferrable_fk],
  ['require-fk-include-columns', r_require_fk_include_columns],
  ['require-idle-in-transaction-timeout', r_require_idle_in_transaction_timeout],
  ['require-index-name', r_require_index_name],
  ['require-lock-timeout', r_require_lock_timeout],
  ['require-named-constraint', r_require_named_constraint],
  ['require-on-delete', r_require_on_delete],
  ['require-primary-key', r_require_primary_key],
  ['require-schema-qualified', r_require_schema_qualified],
  ['require-spatial-index', r_require_spatial_index],
  ['require-statement-timeout', r_require_statement_timeout],
  ['requires-downtime', r_requires_downtime],
  ['rewrite-disk-headroom', r_rewrite_disk_headroom],
  ['rewrite-while-locked', r_rewrite_while_locked],
  ['rls-enabled-without-policy', r_rls_enabled_without_policy],
  ['rls-policy-completeness', r_rls_policy_completeness],
  ['row-level-security-required', r_row_level_security_required],
  ['savepoint-subtransactions', r_savepoint_subtransactions],
  ['security-definer-search-path', r_security_definer_search_path],
  ['sequence-not-reset', r_sequence_not_reset],
  ['set-access-method-rewrite', r_set_access_method_rewrite],
  ['set-logged-unlogged', r_set_logged_unlogged],
  ['set-not-null', r_set_not_null],
  ['set-schema', r_set_schema],
  ['set-tablespace-rewrite', r_set_tablespace_rewrite],
  ['set-volatile-default', r_set_volatile_default],
  ['slower-than-estimated', r_slower_than_estimated],
  ['statement-after-access-exclusive', r_statement_after_access_exclusive],
  ['statements-before-marker', r_statements_before_marker],
  ['superuser-operation', r_superuser_operation],
  ['syntax-error', r_syntax_error],
  ['system-tables', r_system_tables],
  ['table-read-under-lock', r_table_read_under_lock],
  ['table-rewritten', r_table_rewritten],
  ['timescale-ddl', r_timescale_ddl],
  ['timescale-drop-chunks', r_timescale_drop_chunks],
  ['toast-bloat', r_toast_bloat],
  ['toast-lz4', r_toast_lz4],
  ['transaction-nesting', r_transaction_nesting],
  ['truncate', r_truncate],
  ['truncate-cascade', r_truncate_cascade],
  ['type-char', r_type_char],
  ['type-float', r_type_float],
  ['type-int', r_type_int],
  ['type-json', r_type_json],
  ['type-money', r_type_money],
  ['type-numeric-without-precision', r_type_numeric_without_precision],
  ['type-serial', r_type_serial],
  ['type-smallint', r_type_smallint],
  ['type-timestamp', r_type_timestamp],
  ['type-timestamp-precision-zero', r_type_timestamp_precision_zero],
  ['type-timetz', r_type_timetz],
  ['type-varchar', r_type_varchar],
  ['unanalyzable-dynamic-sql', r_unanalyzable_dynamic_sql],
  ['unbatched-backfill', r_unbatched_backfill],
  ['uncommitted-transaction', r_uncommitted_transaction],
  ['understated-risk', r_understated_risk],
  ['unique-not-null-instead-of-pk', r_unique_not_null_instead_of_pk],
  ['unknown-dependency', r_unknown_dependency],
  ['unknown-directive', r_unknown_directive],
  ['unknown-object', r_unknown_object],
  ['unpaired-down', r_unpaired_down],
  ['unused-suppression', r_unused_suppression],
  ['up-fails', r_up_fails],
  ['up-fails-on-rows', r_up_fails_on_rows],
  ['update-without-where', r_update_without_where],
  ['vacuum-full-or-cluster', r_vacuum_full_or_cluster],
  ['validate-in-same-transaction', r_validate_in_same_transaction],
  ['vector-index-advice', r_vector_index_advice],
  ['verify-changes-something', r_verify_changes_something],
  ['verify-fails', r_verify_fails],
  ['volatile-check-constraint', r_volatile_check_constraint],
]);
