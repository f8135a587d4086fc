-- @metadata {
--   "author": "ines", "description": "the clearance sale gets a category, its title follows",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "small", "risk": "low",
--   "tags": ["feature"], "dependencies": ["20250114101500"], "affectedTables": ["categories"]
-- }
-- UP
INSERT INTO categories (slug) VALUES ('clearance') ON CONFLICT (slug) DO NOTHING;
-- DOWN
DELETE FROM categories WHERE slug = 'clearance';
