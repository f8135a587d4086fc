-- @metadata {
--   "author": "ines", "description": "discount codes may belong to a campaign",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "small", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20260224153000"], "affectedTables": ["discount_codes"]
-- }
-- UP
ALTER TABLE discount_codes ADD COLUMN campaign text;
-- DOWN
ALTER TABLE discount_codes DROP COLUMN IF EXISTS campaign;
-- VERIFY
SELECT 1 / count(*) FROM pg_attribute WHERE attrelid = 'discount_codes'::regclass AND attname = 'campaign';
