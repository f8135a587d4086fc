-- @metadata {
--   "author": "maren", "description": "categories and the products in them",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "small", "risk": "low",
--   "tags": ["feature", "catalog"], "affectedTables": ["categories", "products"]
-- }
-- UP
CREATE TABLE categories (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  parent_id bigint,
  slug text NOT NULL UNIQUE,
  title text NOT NULL,
  CONSTRAINT fk_categories_parent_id FOREIGN KEY (parent_id) REFERENCES categories (id) ON DELETE RESTRICT
);

CREATE INDEX idx_categories_parent_id ON categories (parent_id);

CREATE TABLE products (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  category_id bigint NOT NULL,
  sku text NOT NULL UNIQUE,
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  price_cents bigint NOT NULL CHECK (price_cents >= 0),
  weight_grams integer,
  attributes jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_products_category_id FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE RESTRICT
);

CREATE INDEX idx_products_category_id ON products (category_id);
-- DOWN
DROP TABLE IF EXISTS products;
DROP TABLE IF EXISTS categories;
-- VERIFY
SELECT 1 / count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = 'products';
