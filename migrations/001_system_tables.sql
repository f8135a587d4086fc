-- @metadata {
--   "author": "Airlock", "description": "the six system tables, and validate_migration_dependencies(id)",
--   "breakingChange": false, "estimatedDuration": 200, "dataVolume": "small", "risk": "low", "tags": ["system"]
-- }
-- UP
-- One row per up. Nothing is ever deleted: a down marks the row, and adds one to _migration_rollback_history.
CREATE TABLE _migration_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  migration_id text NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  status text NOT NULL
    CHECK (status IN ('running', 'applied', 'failed', 'rolled_back', 'baselined', 'superseded')),
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  duration_ms bigint,
  lock_wait_ms bigint NOT NULL DEFAULT 0,
  executed_by text NOT NULL,
  host text NOT NULL,
  tool_version text NOT NULL,
  git_sha text,
  pull_request text,
  run_id text NOT NULL,
  transactional boolean NOT NULL,
  -- How far it came. What was begun and not done may have been done or not.
  statements_total integer NOT NULL DEFAULT 0,
  statements_begun integer NOT NULL DEFAULT 0,
  statements_done integer NOT NULL DEFAULT 0,
  -- Of the texts of the statements that were done: a run goes on only where the file still says the same.
  done_digest text,
  -- The session that runs it, while it runs.
  backend_pid integer,
  backend_start text,
  dependencies text[] NOT NULL DEFAULT '{}',
  -- Milliseconds of each statement, in their order.
  statement_ms double precision[],
  -- Once a run, on its last migration: a digest of the catalog as the run left it, and for the newest run the catalog.
  catalog_fingerprint text,
  error text
);
CREATE UNIQUE INDEX _migration_history_once ON _migration_history (migration_id)
  WHERE status IN ('running', 'applied', 'baselined');
CREATE INDEX _migration_history_by_migration ON _migration_history (migration_id, id);

-- Releases, as the reviewed file beside the migrations names them; and, with kind 'system', the version of these tables.
CREATE TABLE _migration_versions (
  kind text NOT NULL CHECK (kind IN ('release', 'system')),
  version text NOT NULL,
  name text NOT NULL,
  migrations text[] NOT NULL DEFAULT '{}',
  tags text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  tool_version text NOT NULL,
  PRIMARY KEY (kind, version)
);

-- The lease of the command that runs. Each holder gets a token that is greater than all before it.
CREATE TABLE _migration_locks (
  lock_name text PRIMARY KEY,
  token bigint GENERATED ALWAYS AS IDENTITY,
  run_id text NOT NULL,
  command text NOT NULL,
  executed_by text NOT NULL,
  host text NOT NULL,
  process_id integer NOT NULL,
  -- The sessions of the holder: where none of them is alive, it is dead. Null behind a pooler.
  backend_pids integer[],
  backend_starts text[],
  acquired_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL
);

CREATE TABLE _backup_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'made', 'verified', 'failed', 'restored', 'removed')),
  location text NOT NULL,
  format text NOT NULL,
  encrypted boolean NOT NULL,
  size_bytes bigint,
  checksum text,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  verified_at timestamptz,
  -- Id of the newest row of _migration_history that the backup holds.
  history_head bigint,
  server_version text NOT NULL,
  tool_version text NOT NULL,
  executed_by text NOT NULL,
  host text NOT NULL,
  error text,
  details json
);

-- Each row holds the hash of the one before it; ids have no gaps.
CREATE TABLE _migration_audit_log (
  id bigint PRIMARY KEY,
  at text NOT NULL,
  action text NOT NULL,
  migration_id text,
  run_id text NOT NULL,
  actor text NOT NULL,
  host text NOT NULL,
  tool_version text NOT NULL,
  details text NOT NULL,
  previous_hash text NOT NULL UNIQUE,
  hash text NOT NULL UNIQUE,
  keyed boolean NOT NULL
);

CREATE TABLE _migration_rollback_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  history_id bigint NOT NULL,
  migration_id text NOT NULL,
  name text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'rolled_back', 'failed', 'forced')),
  reason text NOT NULL CHECK (reason IN ('command', 'automatic')),
  rolled_back_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  duration_ms bigint,
  lock_wait_ms bigint NOT NULL DEFAULT 0,
  executed_by text NOT NULL,
  host text NOT NULL,
  tool_version text NOT NULL,
  git_sha text,
  pull_request text,
  run_id text NOT NULL,
  transactional boolean NOT NULL,
  statements_total integer NOT NULL DEFAULT 0,
  statements_begun integer NOT NULL DEFAULT 0,
  statements_done integer NOT NULL DEFAULT 0,
  done_digest text,
  backend_pid integer,
  backend_start text,
  -- Where the last migration of a run was taken back.
  catalog_fingerprint text,
  error text
);
CREATE INDEX _migration_rollback_history_by_migration ON _migration_rollback_history (migration_id, id);

CREATE FUNCTION _migration_audit_log_is_append_only() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: the audit log only grows', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON _migration_audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION _migration_audit_log_is_append_only();
-- Also where session_replication_role is replica.
ALTER TABLE _migration_audit_log ENABLE ALWAYS TRIGGER append_only;

-- The dependencies that the newest row of a migration names, and whether each is in force on this database.
CREATE FUNCTION validate_migration_dependencies(id text)
RETURNS TABLE (dependency text, status text, satisfied boolean)
LANGUAGE sql STABLE
SET search_path FROM CURRENT
AS $$
  SELECT needed.dependency,
    coalesce(found.status, 'not applied'),
    coalesce(found.status IN ('applied', 'baselined'), false)
  FROM (
    SELECT unnest(newest.dependencies) AS dependency
    FROM (
      SELECT history.dependencies FROM _migration_history history
      WHERE history.migration_id = $1 ORDER BY history.id DESC LIMIT 1
    ) newest
  ) needed
  LEFT JOIN LATERAL (
    SELECT other.status FROM _migration_history other
    WHERE other.migration_id = needed.dependency ORDER BY other.id DESC LIMIT 1
  ) found ON true
$$;

-- DOWN
DROP FUNCTION IF EXISTS validate_migration_dependencies(text);
DROP TABLE IF EXISTS _migration_rollback_history, _migration_audit_log, _backup_history, _migration_locks,
  _migration_versions, _migration_history;
DROP FUNCTION IF EXISTS _migration_audit_log_is_append_only();

-- VERIFY
SELECT 1 / count(*) FROM pg_class WHERE oid = '_migration_history'::regclass;
SELECT 1 / count(*) FROM pg_class WHERE oid = '_migration_versions'::regclass;
SELECT 1 / count(*) FROM pg_class WHERE oid = '_migration_locks'::regclass;
SELECT 1 / count(*) FROM pg_class WHERE oid = '_backup_history'::regclass;
SELECT 1 / count(*) FROM pg_class WHERE oid = '_migration_audit_log'::regclass;
SELECT 1 / count(*) FROM pg_class WHERE oid = '_migration_rollback_history'::regclass;
SELECT 1 / count(*) FROM pg_proc WHERE oid = 'validate_migration_dependencies(text)'::regprocedure;
