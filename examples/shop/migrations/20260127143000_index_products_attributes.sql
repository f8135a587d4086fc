-- @metadata {
--   "author": "ines", "description": "filters of the product list search in the attributes",
--   "breakingChange": false, "estimatedDuration": 8000, "dataVolume": "medium", "risk": "low",
--   "tags": ["performance", "catalog"], "dependencies": ["20250114101500"], "affectedTables": ["products"]
-- }
-- @no-transaction
-- UP
DROP INDEX CONCURRENTLY IF EXISTS idx_products_attributes;
CREATE INDEX CONCURRENTLY idx_products_attributes ON products USING gin (attributes);
-- DOWN
DROP INDEX CONCURRENTLY IF EXISTS idx_products_attributes;
-- VERIFY
SELECT 1 / count(*) FROM pg_index WHERE indexrelid = to_regclass('idx_products_attributes') AND indisvalid;
