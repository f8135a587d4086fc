-- @metadata {
--   "author": "tomasz", "description": "orders and their items",
--   "breakingChange": false, "estimatedDuration": 80, "dataVolume": "small", "risk": "low",
--   "tags": ["feature", "checkout"], "dependencies": ["20250114093000"],
--   "affectedTables": ["orders", "order_items", "customers"]
-- }
-- UP
CREATE TYPE order_status AS ENUM ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded');

CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL,
  order_number text NOT NULL UNIQUE,
  status order_status NOT NULL DEFAULT 'pending',
  currency text,
  subtotal_cents bigint NOT NULL CHECK (subtotal_cents >= 0),
  shipping_cents integer NOT NULL DEFAULT 0,
  -- A copy: an order keeps the address it was sent to when the customer moves.
  shipping_address jsonb NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now(),
  shipped_at timestamptz,
  CONSTRAINT fk_orders_customer_id FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT
);

CREATE INDEX idx_orders_customer_id ON orders (customer_id);

-- The foreign key to products follows in a migration of its own, so that no transaction locks two tables in use.
CREATE TABLE order_items (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id bigint NOT NULL,
  product_id bigint NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  unit_price_cents bigint NOT NULL CHECK (unit_price_cents >= 0),
  CONSTRAINT fk_order_items_order_id FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT
);

CREATE INDEX idx_order_items_order_id ON order_items (order_id);
CREATE INDEX idx_order_items_product_id ON order_items (product_id);
-- DOWN
DROP TABLE IF EXISTS order_items;
DROP TABLE IF EXISTS orders;
DROP TYPE IF EXISTS order_status;
-- VERIFY
SELECT 1 / count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = 'orders';
SELECT 'pending'::order_status;
