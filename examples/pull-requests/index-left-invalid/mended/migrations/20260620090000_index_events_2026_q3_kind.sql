-- @metadata {
--   "author": "jonas", "description": "events are searched by kind",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "large", "risk": "low",
--   "tags": ["performance"], "dependencies": ["20251120101000"], "affectedTables": ["events"]
-- }
-- @no-transaction
-- UP
DROP INDEX CONCURRENTLY IF EXISTS idx_events_2026_q3_kind;
CREATE INDEX CONCURRENTLY idx_events_2026_q3_kind ON events_2026_q3 (kind);
-- DOWN
DROP INDEX CONCURRENTLY IF EXISTS idx_events_2026_q3_kind;
