-- @metadata {
--   "author": "tomasz", "description": "order items refer to products; checked for new rows only until the next migration",
--   "breakingChange": false, "estimatedDuration": 20, "dataVolume": "medium", "risk": "low",
--   "tags": ["integrity", "checkout"], "dependencies": ["20250114101500", "20250121140500"],
--   "affectedTables": ["order_items", "products"]
-- }
-- UP
ALTER TABLE order_items
  ADD CONSTRAINT fk_order_items_product_id FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE RESTRICT NOT VALID;
-- DOWN
ALTER TABLE order_items DROP CONSTRAINT IF EXISTS fk_order_items_product_id;
-- VERIFY
SELECT 1 / count(*) FROM pg_constraint WHERE conname = 'fk_order_items_product_id';
