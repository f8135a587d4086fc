-- @metadata {
--   "author": "jonas", "description": "support tickets; a customer's connection sees only their own",
--   "breakingChange": false, "estimatedDuration": 60, "dataVolume": "small", "risk": "medium",
--   "tags": ["feature", "support", "security"], "dependencies": ["20250114093000"],
--   "affectedTables": ["support_tickets", "customers"]
-- }
-- UP
CREATE TABLE support_tickets (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  closed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_support_tickets_customer_id FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT
);

CREATE INDEX idx_support_tickets_customer_id ON support_tickets (customer_id);

ALTER TABLE support_tickets ENABLE ROW LEVEL SECURITY;

CREATE POLICY support_tickets_own ON support_tickets
  FOR ALL
  USING (customer_id = nullif(current_setting('shop.customer_id', true), '')::bigint)
  WITH CHECK (customer_id = nullif(current_setting('shop.customer_id', true), '')::bigint);

CREATE POLICY support_tickets_staff ON support_tickets
  FOR ALL
  USING (current_setting('shop.staff', true) = 'yes')
  WITH CHECK (current_setting('shop.staff', true) = 'yes');
-- DOWN
DROP TABLE IF EXISTS support_tickets;
-- VERIFY
SELECT 1 / count(*) FROM pg_class WHERE oid = 'support_tickets'::regclass AND relrowsecurity;
SELECT 1 / (count(*) / 2) FROM pg_policies WHERE tablename = 'support_tickets';
