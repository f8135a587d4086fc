-- @metadata {
--   "author": "maren", "description": "the old CRM was switched off",
--   "breakingChange": true, "estimatedDuration": 50, "dataVolume": "medium", "risk": "medium",
--   "tags": ["cleanup"], "dependencies": ["20250114093000"], "affectedTables": ["customers"]
-- }
-- UP
ALTER TABLE customers DROP COLUMN legacy_crm_id;
-- DOWN
ALTER TABLE customers ADD COLUMN legacy_crm_id text;
