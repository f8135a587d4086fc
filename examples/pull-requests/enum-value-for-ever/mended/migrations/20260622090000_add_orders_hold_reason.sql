-- @metadata {
--   "author": "ines", "description": "orders can be held for a check of the payment",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "large", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TABLE orders ADD COLUMN hold_reason text;
-- DOWN
ALTER TABLE orders DROP COLUMN IF EXISTS hold_reason;
