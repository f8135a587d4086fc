-- @metadata {
--   "author": "ines", "description": "the warehouse asks for paid orders that wait for shipping, several times a second",
--   "breakingChange": false, "estimatedDuration": 50000, "dataVolume": "large", "risk": "low",
--   "tags": ["performance", "warehouse"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- @no-transaction
-- UP
DROP INDEX CONCURRENTLY IF EXISTS idx_orders_status_placed_at;
-- @ignore long-index-build ran by itself in a quiet hour, well within the statement timeout
CREATE INDEX CONCURRENTLY idx_orders_status_placed_at ON orders (status, placed_at) WHERE shipped_at IS NULL;
-- DOWN
DROP INDEX CONCURRENTLY IF EXISTS idx_orders_status_placed_at;
-- VERIFY
SELECT 1 / count(*) FROM pg_index WHERE indexrelid = to_regclass('idx_orders_status_placed_at') AND indisvalid;
