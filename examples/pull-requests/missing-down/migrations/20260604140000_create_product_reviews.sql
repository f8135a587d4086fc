-- @metadata {
--   "author": "jonas", "description": "customers review what they bought",
--   "breakingChange": false, "estimatedDuration": 60, "dataVolume": "small", "risk": "low",
--   "tags": ["feature", "catalog"], "dependencies": ["20250114101500"],
--   "affectedTables": ["product_reviews", "products"]
-- }
-- UP
CREATE TABLE product_reviews (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  product_id bigint NOT NULL,
  rating integer NOT NULL CHECK (rating BETWEEN 1 AND 5),
  review text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_product_reviews_product_id FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE RESTRICT
);

CREATE INDEX idx_product_reviews_product_id ON product_reviews (product_id);
