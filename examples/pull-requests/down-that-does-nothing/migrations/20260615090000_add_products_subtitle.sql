-- @metadata {
--   "author": "ines", "description": "room for a second line on the product page",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "medium", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20250114101500"], "affectedTables": ["products"]
-- }
-- UP
ALTER TABLE products ADD COLUMN subtitle text;
-- DOWN
-- Nobody minds the column.
