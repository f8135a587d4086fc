-- @metadata {
--   "author": "jonas", "description": "reports count tickets by year",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "medium", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20251014134500"], "affectedTables": ["support_tickets"]
-- }
-- UP
DO $$
DECLARE
  year integer;
BEGIN
  FOR year IN 2025..2026 LOOP
    EXECUTE format(
      'CREATE VIEW support_tickets_%s AS SELECT id, subject FROM support_tickets WHERE extract(year FROM created_at) = %s',
      year, year);
  END LOOP;
END;
$$;
-- DOWN
DROP VIEW IF EXISTS support_tickets_2026;
DROP VIEW IF EXISTS support_tickets_2025;
