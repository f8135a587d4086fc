-- @metadata {
--   "author": "ines", "description": "totals are checked where they are stored",
--   "breakingChange": false, "estimatedDuration": 100, "dataVolume": "large", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20250121140500"], "affectedTables": ["order_items"]
-- }
-- UP
ALTER TABLE order_items ADD CONSTRAINT order_items_total CHECK (quantity * unit_price_cents >= 0);
-- DOWN
ALTER TABLE order_items DROP CONSTRAINT IF EXISTS order_items_total;
