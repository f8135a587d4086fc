/** A migration of about ten lines, in Airlock's own format. */
export function smallFile(number: number): string {
  return `-- @metadata {
--   "author": "ada", "description": "step ${number}", "breakingChange": false,
--   "estimatedDuration": 100, "dataVolume": "small", "risk": "low", "tags": ["bench"]
-- }
-- UP
CREATE TABLE t${number} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX idx_t${number}_name ON t${number} (name);
-- DOWN
DROP TABLE IF EXISTS t${number};
`;
}

/** What large migration files are made of: tables, alterations, indexes, rows, functions, grants. */
const KINDS: readonly ((n: number) => string)[] = [
  (n) =>
    `CREATE TABLE items_${n} (id bigint PRIMARY KEY, name text NOT NULL, price numeric(10,2) DEFAULT 0, created_at timestamptz NOT NULL DEFAULT now());`,
  (n) =>
    `ALTER TABLE items_${n - 1} ADD COLUMN note text, ADD CONSTRAINT items_${n - 1}_price CHECK (price >= 0) NOT VALID;`,
  (n) => `CREATE INDEX idx_items_${n - 2}_name ON items_${n - 2} (lower(name)) WHERE price > 0;`,
  (n) => `INSERT INTO items_${n - 3} (id, name, price) VALUES (1, 'it''s one', 9.99), (2, 'two', 19.5);`,
  (n) => `UPDATE items_${n - 4} SET price = price * 1.1 WHERE id BETWEEN 1 AND 100;`,
  (n) => `COMMENT ON TABLE items_${n - 5} IS 'items of kind ${n}';`,
  (n) =>
    `CREATE OR REPLACE FUNCTION touch_${n}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.created_at := now(); RETURN NEW; END $$;`,
  (n) => `GRANT SELECT, INSERT ON items_${n - 7} TO app;`,
  (n) =>
    `CREATE VIEW recent_${n} AS SELECT id, name FROM items_${n - 8} WHERE created_at > now() - interval '1 day';`,
  (n) =>
    `ALTER TABLE items_${n - 9} ALTER COLUMN note SET DEFAULT '', ALTER COLUMN price SET STATISTICS 500;`,
];

export function mixedStatements(count: number): string {
  const lines = ['-- UP'];
  for (let n = 0; n < count; n++) lines.push((KINDS[n % KINDS.length] ?? KINDS[0])?.(n) ?? '');
  return `${lines.join('\n')}\n`;
}
