-- @metadata {
--   "author": "ines", "description": "the back office lists orders by day",
--   "breakingChange": false, "estimatedDuration": 50000, "dataVolume": "medium", "risk": "low",
--   "tags": ["performance", "back-office"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- @no-transaction
-- UP
-- A build that was interrupted leaves an invalid index behind: clear it away first.
DROP INDEX CONCURRENTLY IF EXISTS idx_orders_placed_at;
-- @ignore long-index-build ran by itself in a quiet hour, well within the statement timeout
CREATE INDEX CONCURRENTLY idx_orders_placed_at ON orders (placed_at);
-- DOWN
DROP INDEX CONCURRENTLY IF EXISTS idx_orders_placed_at;
-- VERIFY
SELECT 1 / count(*) FROM pg_index WHERE indexrelid = to_regclass('idx_orders_placed_at') AND indisvalid;
