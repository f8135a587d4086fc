-- @metadata {
--   "author": "maren", "description": "no new order without a currency; the checkout has written it since release 1.4",
--   "breakingChange": false, "estimatedDuration": 20, "dataVolume": "large", "risk": "low",
--   "tags": ["integrity", "checkout"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TABLE orders ADD CONSTRAINT orders_currency_present CHECK (currency IS NOT NULL) NOT VALID;
-- DOWN
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_currency_present;
-- VERIFY
SELECT 1 / count(*) FROM pg_constraint WHERE conname = 'orders_currency_present';
