-- @metadata {
--   "author": "tomasz", "description": "which warehouse sends the order",
--   "breakingChange": false, "estimatedDuration": 60000, "dataVolume": "large", "risk": "low",
--   "tags": ["warehouse"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TABLE orders ADD COLUMN warehouse_code text;
ALTER TABLE orders ALTER COLUMN warehouse_code SET DEFAULT 'north';
-- DOWN
ALTER TABLE orders DROP COLUMN IF EXISTS warehouse_code;
