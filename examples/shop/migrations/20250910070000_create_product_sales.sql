-- @metadata {
--   "author": "jonas", "description": "sales by product and day for the merchandising reports",
--   "breakingChange": false, "estimatedDuration": 40, "dataVolume": "small", "risk": "low",
--   "tags": ["feature", "reporting"], "dependencies": ["20250121140500"]
-- }
-- UP
-- The nightly job fills it; the migration does not wait for the query.
CREATE MATERIALIZED VIEW product_sales AS
SELECT i.product_id, (o.placed_at AT TIME ZONE 'UTC')::date AS sold_on, o.currency,
       sum(i.quantity) AS units, sum(i.quantity * i.unit_price_cents) AS revenue_cents
FROM order_items AS i
JOIN orders AS o ON o.id = i.order_id
WHERE o.status NOT IN ('cancelled', 'refunded')
GROUP BY i.product_id, sold_on, o.currency
WITH NO DATA;

-- REFRESH … CONCURRENTLY needs a unique index.
CREATE UNIQUE INDEX idx_product_sales_product_id_sold_on_currency ON product_sales (product_id, sold_on, currency);
-- DOWN
DROP MATERIALIZED VIEW IF EXISTS product_sales;
-- VERIFY
SELECT 1 / count(*) FROM pg_matviews WHERE matviewname = 'product_sales';
