-- @metadata {
--   "author": "maren", "description": "gift cards are products that are not shipped",
--   "breakingChange": false, "estimatedDuration": 20, "dataVolume": "medium", "risk": "low",
--   "tags": ["feature", "catalog"], "dependencies": ["20250114101500"], "affectedTables": ["products"]
-- }
-- UP
ALTER TABLE products ADD COLUMN gift_card boolean NOT NULL DEFAULT false;
-- DOWN
ALTER TABLE products DROP COLUMN IF EXISTS gift_card;
-- VERIFY
SELECT gift_card FROM products LIMIT 1;
