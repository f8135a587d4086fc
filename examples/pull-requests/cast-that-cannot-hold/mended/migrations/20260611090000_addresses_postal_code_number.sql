-- @metadata {
--   "author": "tomasz", "description": "postal codes are sorted as numbers on the labels",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "large", "risk": "low",
--   "tags": ["warehouse"], "dependencies": ["20250114093000"], "affectedTables": ["addresses"]
-- }
-- UP
ALTER TABLE addresses ADD COLUMN postal_code_number integer;
-- DOWN
ALTER TABLE addresses DROP COLUMN postal_code_number;
