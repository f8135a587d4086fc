-- @metadata {
--   "author": "jonas", "description": "tickets know when they were last written to",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "medium", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20251014134500"], "affectedTables": ["support_tickets"]
-- }
-- UP
ALTER TABLE support_tickets ADD COLUMN touched_at timestamptz;
CREATE FUNCTION touch_ticket() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  NEW.touched_at := now();
  RETURN NEW;
END;
$$;
CREATE TRIGGER support_tickets_touch BEFORE UPDATE ON support_tickets
  FOR EACH ROW EXECUTE FUNCTION touch_ticket();
-- DOWN
DROP TRIGGER IF EXISTS support_tickets_touch ON support_tickets;
DROP FUNCTION IF EXISTS touch_ticket();
ALTER TABLE support_tickets DROP COLUMN IF EXISTS touched_at;
