-- @metadata {
--   "author": "tomasz", "description": "a message printed on the delivery note",
--   "breakingChange": false, "estimatedDuration": 20, "dataVolume": "large", "risk": "low",
--   "tags": ["feature", "checkout"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TABLE orders ADD COLUMN gift_message text
ALTER TABLE orders ADD COLUMN gift_wrapped boolean NOT NULL DEFAULT false;
-- DOWN
ALTER TABLE orders DROP COLUMN IF EXISTS gift_wrapped;
ALTER TABLE orders DROP COLUMN IF EXISTS gift_message;
