-- @metadata {
--   "author": "ines", "description": "one line an order for the customer's account page",
--   "breakingChange": false, "estimatedDuration": 20, "dataVolume": "small", "risk": "low",
--   "tags": ["feature", "account"], "dependencies": ["20250121140500", "20250311100000"]
-- }
-- UP
CREATE VIEW order_summaries AS
SELECT o.id AS order_id, o.customer_id, o.order_number, o.status, o.channel, o.currency, o.subtotal_cents,
       o.placed_at, count(i.id) AS item_count, coalesce(sum(i.quantity), 0) AS unit_count
FROM orders AS o
LEFT JOIN order_items AS i ON i.order_id = o.id
GROUP BY o.id;
-- DOWN
DROP VIEW IF EXISTS order_summaries;
-- VERIFY
SELECT order_id, item_count FROM order_summaries LIMIT 1;
