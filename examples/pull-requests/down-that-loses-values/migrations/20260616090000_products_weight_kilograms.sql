-- @metadata {
--   "author": "jonas", "description": "carriers bill by the kilogram",
--   "breakingChange": true, "estimatedDuration": 2000, "dataVolume": "medium", "risk": "high",
--   "tags": ["warehouse"], "dependencies": ["20250114101500"], "affectedTables": ["products"]
-- }
-- UP
ALTER TABLE products ADD COLUMN weight_kilograms integer;
UPDATE products SET weight_kilograms = weight_grams / 1000;
ALTER TABLE products DROP COLUMN weight_grams;
-- DOWN
ALTER TABLE products ADD COLUMN weight_grams integer;
UPDATE products SET weight_grams = weight_kilograms * 1000;
ALTER TABLE products DROP COLUMN weight_kilograms;
