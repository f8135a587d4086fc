-- @metadata {
--   "author": "tomasz", "description": "tax is reported by country",
--   "breakingChange": false, "estimatedDuration": 90000, "dataVolume": "large", "risk": "medium",
--   "tags": ["tax"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TABLE orders ADD COLUMN country_code text;
UPDATE orders SET country_code = shipping_address ->> 'country';
-- DOWN
ALTER TABLE orders DROP COLUMN IF EXISTS country_code;
