-- @metadata {
--   "author": "tomasz", "description": "postal codes are sorted as numbers on the labels",
--   "breakingChange": true, "estimatedDuration": 20000, "dataVolume": "large", "risk": "high",
--   "tags": ["warehouse"], "dependencies": ["20250114093000"], "affectedTables": ["addresses"]
-- }
-- UP
ALTER TABLE addresses ALTER COLUMN postal_code TYPE integer USING postal_code::integer;
-- DOWN
ALTER TABLE addresses ALTER COLUMN postal_code TYPE text USING postal_code::text;
