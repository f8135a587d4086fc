-- @metadata {
--   "author": "jonas", "description": "carriers bill by the kilogram",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "medium", "risk": "low",
--   "tags": ["warehouse"], "dependencies": ["20250114101500"], "affectedTables": ["products"]
-- }
-- UP
ALTER TABLE products ADD COLUMN weight_kilograms numeric(9, 3);
-- DOWN
ALTER TABLE products DROP COLUMN IF EXISTS weight_kilograms;
