-- @metadata {
--   "author": "ines", "description": "a category may wait for its title",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "small", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20250114101500"], "affectedTables": ["categories"]
-- }
-- UP
ALTER TABLE categories ALTER COLUMN title DROP NOT NULL;
-- DOWN
ALTER TABLE categories ALTER COLUMN title SET NOT NULL;
