-- @metadata {
--   "author": "jonas", "description": "events are searched by kind",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "large", "risk": "low",
--   "tags": ["performance"], "dependencies": ["20251120101000"], "affectedTables": ["events"]
-- }
-- UP
CREATE INDEX idx_events_kind ON ONLY events (kind);
-- DOWN
DROP INDEX IF EXISTS idx_events_kind;
