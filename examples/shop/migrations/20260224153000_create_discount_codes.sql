-- @metadata {
--   "author": "tomasz", "description": "discount codes and the orders they were used on",
--   "breakingChange": false, "estimatedDuration": 60, "dataVolume": "small", "risk": "low",
--   "tags": ["feature", "marketing"], "dependencies": ["20250121140500"],
--   "affectedTables": ["discount_codes", "discount_redemptions", "orders"]
-- }
-- UP
CREATE TABLE discount_codes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE,
  percent_off integer NOT NULL CHECK (percent_off BETWEEN 1 AND 100),
  valid_from timestamptz NOT NULL DEFAULT now(),
  valid_until timestamptz,
  CHECK (valid_until > valid_from)
);

CREATE TABLE discount_redemptions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  discount_code_id bigint NOT NULL,
  order_id bigint NOT NULL UNIQUE,
  redeemed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_discount_redemptions_discount_code_id
    FOREIGN KEY (discount_code_id) REFERENCES discount_codes (id) ON DELETE RESTRICT,
  CONSTRAINT fk_discount_redemptions_order_id FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT
);

CREATE INDEX idx_discount_redemptions_discount_code_id ON discount_redemptions (discount_code_id);
-- DOWN
DROP TABLE IF EXISTS discount_redemptions;
DROP TABLE IF EXISTS discount_codes;
-- VERIFY
SELECT 1 / count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = 'discount_redemptions';
