-- @metadata {
--   "author": "maren", "description": "the campaign a discount code belongs to",
--   "breakingChange": false, "estimatedDuration": 20, "dataVolume": "small", "risk": "low",
--   "tags": ["feature", "marketing"], "affectedTables": ["discount_codes"]
-- }
-- UP
ALTER TABLE discount_codes ADD COLUMN campaign text;
-- DOWN
ALTER TABLE discount_codes DROP COLUMN IF EXISTS campaign;
