-- @metadata {
--   "author": "ines", "description": "one account for each address, however it was typed",
--   "breakingChange": false, "estimatedDuration": 8000, "dataVolume": "large", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20250114093000"], "affectedTables": ["customers"]
-- }
-- @no-transaction
-- UP
DROP INDEX CONCURRENTLY IF EXISTS uq_customers_email_lower;
CREATE UNIQUE INDEX CONCURRENTLY uq_customers_email_lower ON customers (lower(email));
-- DOWN
DROP INDEX CONCURRENTLY IF EXISTS uq_customers_email_lower;
