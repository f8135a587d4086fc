-- @metadata {
--   "author": "ines", "description": "the carrier report reads orders by the day they were shipped",
--   "breakingChange": false, "estimatedDuration": 15000, "dataVolume": "large", "risk": "low",
--   "tags": ["performance", "reporting"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
CREATE INDEX idx_orders_shipped_at ON orders (shipped_at);
-- DOWN
DROP INDEX IF EXISTS idx_orders_shipped_at;
