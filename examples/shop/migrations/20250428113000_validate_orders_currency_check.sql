-- @metadata {
--   "author": "maren", "description": "check the currency of the orders that were there before",
--   "breakingChange": false, "estimatedDuration": 25000, "dataVolume": "large", "risk": "low",
--   "tags": ["integrity", "checkout"], "dependencies": ["20250428090000"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TABLE orders VALIDATE CONSTRAINT orders_currency_present;
-- DOWN
-- PostgreSQL has no way back to "not valid" but to add the constraint again.
ALTER TABLE orders
  DROP CONSTRAINT orders_currency_present,
  ADD CONSTRAINT orders_currency_present CHECK (currency IS NOT NULL) NOT VALID;
-- VERIFY
SELECT 1 / count(*) FROM pg_constraint WHERE conname = 'orders_currency_present' AND convalidated;
