-- @metadata {
--   "author": "ines", "description": "a product without a title is shown as an empty line",
--   "breakingChange": false, "estimatedDuration": 400, "dataVolume": "medium", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20250114101500"], "affectedTables": ["products"]
-- }
-- UP
ALTER TABLE products ADD CONSTRAINT products_title_capital CHECK (title ~ '^[A-Z]');
-- DOWN
ALTER TABLE products DROP CONSTRAINT products_title_capital;
