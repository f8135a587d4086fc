-- @metadata {
--   "author": "jonas", "description": "customers can be reached by phone",
--   "breakingChange": false, "estimatedDuration": 2000, "dataVolume": "large", "risk": "low",
--   "tags": ["feature", "support"], "dependencies": ["20250114093000"], "affectedTables": ["customers"]
-- }
-- UP
ALTER TABLE customers ADD COLUMN phone text NOT NULL;

CREATE INDEX customers_phone ON customers (phone);

ALTER TABLE customers ADD CONSTRAINT customers_phone_format CHECK (phone ~ '^\+[0-9]{7,15}$');

ALTER TABLE customers DROP COLUMN legacy_crm_id;
-- DOWN
ALTER TABLE customers ADD COLUMN legacy_crm_id text;
ALTER TABLE customers DROP COLUMN phone;
