-- @metadata {
--   "author": "tomasz", "description": "check the products of the order items that were there before",
--   "breakingChange": false, "estimatedDuration": 60000, "dataVolume": "medium", "risk": "low",
--   "tags": ["integrity", "checkout"], "dependencies": ["20250203083000"], "affectedTables": ["order_items"]
-- }
-- UP
ALTER TABLE order_items VALIDATE CONSTRAINT fk_order_items_product_id;
-- DOWN
-- PostgreSQL has no way back to "not valid" but to add the constraint again.
ALTER TABLE order_items
  DROP CONSTRAINT fk_order_items_product_id,
  ADD CONSTRAINT fk_order_items_product_id FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE RESTRICT NOT VALID;
-- VERIFY
SELECT 1 / count(*) FROM pg_constraint WHERE conname = 'fk_order_items_product_id' AND convalidated;
