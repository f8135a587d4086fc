-- @metadata {
--   "author": "tomasz", "description": "warehouses have a name, not only a code",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "small", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20250402131000"], "affectedTables": ["warehouses", "warehouse_shelves"]
-- }
-- UP
CREATE TABLE warehouses (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE,
  title text NOT NULL
);
CREATE TABLE warehouse_shelves (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  warehouse_id bigint NOT NULL,
  label text NOT NULL,
  CONSTRAINT fk_warehouse_shelves_warehouse_id
    FOREIGN KEY (warehouse_id) REFERENCES warehouses (id) ON DELETE RESTRICT
);
CREATE INDEX idx_warehouse_shelves_warehouse_id ON warehouse_shelves (warehouse_id);
-- DOWN
DROP TABLE IF EXISTS warehouses;
DROP TABLE IF EXISTS warehouse_shelves;
