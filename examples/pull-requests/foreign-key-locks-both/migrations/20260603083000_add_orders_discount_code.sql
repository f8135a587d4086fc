-- @metadata {
--   "author": "tomasz", "description": "an order knows the discount code it was placed with",
--   "breakingChange": false, "estimatedDuration": 9000, "dataVolume": "large", "risk": "medium",
--   "tags": ["feature", "marketing"], "dependencies": ["20250121140500", "20260224153000"],
--   "affectedTables": ["orders", "discount_codes"]
-- }
-- UP
ALTER TABLE orders ADD COLUMN discount_code_id bigint;

ALTER TABLE orders
  ADD CONSTRAINT fk_orders_discount_code_id FOREIGN KEY (discount_code_id) REFERENCES discount_codes (id);
-- DOWN
ALTER TABLE orders DROP CONSTRAINT fk_orders_discount_code_id;
ALTER TABLE orders DROP COLUMN discount_code_id;
