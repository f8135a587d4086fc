-- @metadata {
--   "author": "maren", "description": "say what the percentage is taken off",
--   "breakingChange": true, "estimatedDuration": 20, "dataVolume": "small", "risk": "low",
--   "tags": ["naming", "marketing"], "dependencies": ["20260224153000"], "affectedTables": ["discount_codes"]
-- }
-- UP
-- @ignore rename-column discount codes are behind a flag that is off everywhere; no released code reads this column
ALTER TABLE discount_codes RENAME COLUMN percent_off TO subtotal_percent_off;
-- DOWN
ALTER TABLE discount_codes RENAME COLUMN subtotal_percent_off TO percent_off;
