-- @metadata {
--   "author": "ines", "description": "the price audit reads order items by price",
--   "breakingChange": false, "estimatedDuration": 20000, "dataVolume": "large", "risk": "low",
--   "tags": ["performance", "audit"], "dependencies": ["20250121140500"], "affectedTables": ["order_items"]
-- }
-- UP
CREATE INDEX CONCURRENTLY idx_order_items_unit_price_cents ON order_items (unit_price_cents);
-- DOWN
DROP INDEX CONCURRENTLY IF EXISTS idx_order_items_unit_price_cents;
