-- @metadata {
--   "author": "maren", "description": "customers and their addresses",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "small", "risk": "low",
--   "tags": ["feature", "customers"], "affectedTables": ["customers", "addresses"]
-- }
-- UP
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  full_name text NOT NULL,
  marketing_opt_in boolean NOT NULL DEFAULT false,
  legacy_crm_id text,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE addresses (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL,
  recipient text NOT NULL,
  street text NOT NULL,
  postal_code text NOT NULL,
  city text NOT NULL,
  country_code text NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_addresses_customer_id FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT
);

CREATE INDEX idx_addresses_customer_id ON addresses (customer_id);
-- DOWN
DROP TABLE IF EXISTS addresses;
DROP TABLE IF EXISTS customers;
-- VERIFY
SELECT 1 / count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = 'customers';
SELECT 1 / count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = 'addresses';
