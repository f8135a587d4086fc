-- @metadata {
--   "author": "tomasz", "description": "parcels are of a size that the carriers know",
--   "breakingChange": false, "estimatedDuration": 50, "dataVolume": "small", "risk": "low",
--   "tags": ["feature"], "dependencies": [], "affectedTables": ["parcel_size"]
-- }
-- UP
CREATE TYPE parcel_size AS ENUM ('letter', 'small', 'large');
-- DOWN
DROP TYPE IF EXISTS parcel_sizes;
