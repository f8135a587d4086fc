-- @metadata {
--   "author": "jonas", "description": "what visitors do in the shop, a partition a quarter",
--   "breakingChange": false, "estimatedDuration": 80, "dataVolume": "small", "risk": "low",
--   "tags": ["feature", "analytics"], "affectedTables": ["events"]
-- }
-- UP
CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY,
  occurred_at timestamptz NOT NULL,
  customer_id bigint,
  kind text NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);

CREATE INDEX idx_events_customer_id_occurred_at ON events (customer_id, occurred_at);

CREATE TABLE events_2025_q4 PARTITION OF events
  FOR VALUES FROM ('2025-10-01 00:00:00+00') TO ('2026-01-01 00:00:00+00');
CREATE TABLE events_2026_q1 PARTITION OF events
  FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-04-01 00:00:00+00');
CREATE TABLE events_2026_q2 PARTITION OF events
  FOR VALUES FROM ('2026-04-01 00:00:00+00') TO ('2026-07-01 00:00:00+00');
-- DOWN
DROP TABLE IF EXISTS events;
-- VERIFY
SELECT 1 / count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass;
