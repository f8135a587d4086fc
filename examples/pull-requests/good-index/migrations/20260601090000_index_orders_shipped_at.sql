-- @metadata {
--   "author": "ines", "description": "the carrier report reads orders by the day they were shipped",
--   "breakingChange": false, "estimatedDuration": 15000, "dataVolume": "large", "risk": "low",
--   "tags": ["performance", "reporting"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- @no-transaction
-- UP
DROP INDEX CONCURRENTLY IF EXISTS idx_orders_shipped_at;
CREATE INDEX CONCURRENTLY idx_orders_shipped_at ON orders (shipped_at);
-- DOWN
DROP INDEX CONCURRENTLY IF EXISTS idx_orders_shipped_at;
-- VERIFY
SELECT 1 / count(*) FROM pg_index WHERE indexrelid = to_regclass('idx_orders_shipped_at') AND indisvalid;
