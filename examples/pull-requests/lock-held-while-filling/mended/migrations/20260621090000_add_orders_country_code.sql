-- @metadata {
--   "author": "tomasz", "description": "tax is reported by country",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "large", "risk": "low",
--   "tags": ["tax"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TABLE orders ADD COLUMN country_code text;
-- DOWN
ALTER TABLE orders DROP COLUMN IF EXISTS country_code;
