-- @metadata {
--   "author": "tomasz", "description": "stock by warehouse, with the time of the last change kept by a trigger",
--   "breakingChange": false, "estimatedDuration": 60, "dataVolume": "small", "risk": "low",
--   "tags": ["feature", "warehouse"], "dependencies": ["20250114101500"],
--   "affectedTables": ["inventory_levels", "products"]
-- }
-- UP
CREATE TABLE inventory_levels (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  product_id bigint NOT NULL,
  warehouse_code text NOT NULL,
  on_hand integer NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
  reserved integer NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (reserved BETWEEN 0 AND on_hand),
  UNIQUE (product_id, warehouse_code),
  CONSTRAINT fk_inventory_levels_product_id FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE RESTRICT
);

CREATE FUNCTION touch_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END;
$$;

CREATE TRIGGER inventory_levels_touch_updated_at
  BEFORE UPDATE ON inventory_levels
  FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
-- DOWN
DROP TABLE IF EXISTS inventory_levels;
DROP FUNCTION IF EXISTS touch_updated_at();
-- VERIFY
SELECT 1 / count(*) FROM pg_trigger WHERE tgname = 'inventory_levels_touch_updated_at';
