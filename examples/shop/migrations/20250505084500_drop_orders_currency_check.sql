-- @metadata {
--   "author": "maren", "description": "NOT NULL says the same as the check now",
--   "breakingChange": false, "estimatedDuration": 20, "dataVolume": "large", "risk": "low",
--   "tags": ["cleanup", "checkout"], "dependencies": ["20250505082000"], "affectedTables": ["orders"]
-- }
-- The way down adds the check and validates it in two transactions: the scan must not hold the stronger lock.
-- @no-transaction
-- UP
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_currency_present;
-- DOWN
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_currency_present;
ALTER TABLE orders ADD CONSTRAINT orders_currency_present CHECK (currency IS NOT NULL) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_currency_present;
