-- @metadata {
--   "author": "tomasz", "description": "which warehouse sends the order",
--   "breakingChange": false, "estimatedDuration": 60000, "dataVolume": "large", "risk": "low",
--   "tags": ["warehouse"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
CREATE FUNCTION first_warehouse() RETURNS text
LANGUAGE sql VOLATILE
AS $$ SELECT 'north' $$;
ALTER TABLE orders ADD COLUMN warehouse_code text DEFAULT first_warehouse();
-- DOWN
ALTER TABLE orders DROP COLUMN IF EXISTS warehouse_code;
DROP FUNCTION IF EXISTS first_warehouse();
