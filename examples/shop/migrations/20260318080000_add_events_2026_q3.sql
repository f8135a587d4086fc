-- @metadata {
--   "author": "jonas", "description": "the partition for the third quarter of 2026",
--   "breakingChange": false, "estimatedDuration": 40, "dataVolume": "small", "risk": "low",
--   "tags": ["maintenance", "analytics"], "dependencies": ["20251120101000"],
--   "affectedTables": ["events", "events_2026_q3"]
-- }
-- UP
-- PARTITION OF would lock out everybody who writes events; ATTACH does not, and the check spares its scan.
CREATE TABLE events_2026_q3 (
  LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES,
  CONSTRAINT events_2026_q3_range
    CHECK (occurred_at >= '2026-07-01 00:00:00+00' AND occurred_at < '2026-10-01 00:00:00+00')
);

ALTER TABLE events ATTACH PARTITION events_2026_q3
  FOR VALUES FROM ('2026-07-01 00:00:00+00') TO ('2026-10-01 00:00:00+00');

ALTER TABLE events_2026_q3 DROP CONSTRAINT events_2026_q3_range;
-- DOWN
DROP TABLE IF EXISTS events_2026_q3;
-- VERIFY
SELECT 1 / count(*) FROM pg_inherits WHERE inhrelid = 'events_2026_q3'::regclass;
