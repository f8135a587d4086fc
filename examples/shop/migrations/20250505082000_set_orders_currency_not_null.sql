-- @metadata {
--   "author": "maren", "description": "orders.currency is required; the validated check spares the scan",
--   "breakingChange": false, "estimatedDuration": 20, "dataVolume": "large", "risk": "low",
--   "tags": ["integrity", "checkout"], "dependencies": ["20250428113000"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TABLE orders ALTER COLUMN currency SET NOT NULL;
-- DOWN
ALTER TABLE orders ALTER COLUMN currency DROP NOT NULL;
-- VERIFY
SELECT 1 / count(*) FROM pg_attribute
WHERE attrelid = 'orders'::regclass AND attname = 'currency' AND attnotnull;
