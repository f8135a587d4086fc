-- @metadata {
--   "author": "tomasz", "description": "which warehouse sends the order",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "large", "risk": "low",
--   "tags": ["feature", "warehouse"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TABLE orders ADD COLUMN warehouse_code text NOT NULL;
-- DOWN
ALTER TABLE orders DROP COLUMN warehouse_code;
