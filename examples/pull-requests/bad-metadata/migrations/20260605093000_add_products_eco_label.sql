-- @metadata {
--   "description": "products with an eco label",
--   "breakingChange": "no", "estimatedDuration": 20, "dataVolume": "huge", "risk": "low",
--   "tags": ["feature", "catalog"], "dependancies": ["20250114101500"]
-- }
-- UP
ALTER TABLE products ADD COLUMN eco_label text;
-- DOWN
ALTER TABLE products DROP COLUMN IF EXISTS eco_label;
