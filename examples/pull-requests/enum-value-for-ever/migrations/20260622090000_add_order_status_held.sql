-- @metadata {
--   "author": "ines", "description": "orders can be held for a check of the payment",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "large", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20250121140500"], "affectedTables": ["orders"]
-- }
-- UP
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'held';
-- DOWN
-- PostgreSQL cannot take a value out of an enum.
