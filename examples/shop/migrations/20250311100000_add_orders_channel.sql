-- @metadata {
--   "author": "ines", "description": "remember where an order was placed; everything so far came from the web",
--   "breakingChange": false, "estimatedDuration": 30, "dataVolume": "medium", "risk": "low",
--   "tags": ["feature", "analytics"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
CREATE TYPE order_channel AS ENUM ('web', 'app', 'phone', 'marketplace');

-- A constant default is kept in the catalog: no row is rewritten.
ALTER TABLE orders ADD COLUMN channel order_channel NOT NULL DEFAULT 'web';
-- DOWN
ALTER TABLE orders DROP COLUMN IF EXISTS channel;
DROP TYPE IF EXISTS order_channel;
-- VERIFY
SELECT channel FROM orders LIMIT 1;
