-- @metadata {
--   "author": "jonas", "description": "freight of pallets does not fit into an integer in every currency",
--   "breakingChange": false, "estimatedDuration": 60000, "dataVolume": "large", "risk": "medium",
--   "tags": ["checkout"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TABLE orders ALTER COLUMN shipping_cents TYPE bigint;
-- DOWN
ALTER TABLE orders ALTER COLUMN shipping_cents TYPE integer;
