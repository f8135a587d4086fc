/**
 * Rows of a shop that is in use, by the migration after which they can be written: what comes later runs on
 * populated tables. Numbers are spread by arithmetic, so that every run sees the same rows.
 */
export const SHOP_ROWS: ReadonlyMap<string, string> = new Map([
  [
    '20250114093000',
    `INSERT INTO customers (email, full_name, legacy_crm_id)
     SELECT format('customer%s@example.test', n), format('Customer %s', n), CASE WHEN n % 3 = 0 THEN format('CRM-%s', n) END
     FROM generate_series(1, 200) AS n;
     INSERT INTO addresses (customer_id, recipient, street, postal_code, city, country_code)
     SELECT id, full_name, format('%s Canal Street', id), format('10%s', id), 'Utrecht', 'NL' FROM customers;`,
  ],
  [
    '20250114101500',
    `INSERT INTO categories (slug, title) VALUES ('home', 'Home'), ('garden', 'Garden');
     INSERT INTO categories (parent_id, slug, title) SELECT id, 'lamps', 'Lamps' FROM categories WHERE slug = 'home';
     INSERT INTO products (category_id, sku, title, price_cents, weight_grams, attributes)
     SELECT 1 + n % 3, format('SKU-%s', n), format('Product %s', n), 499 + n * 10, n * 25, jsonb_build_object('colour', 'red')
     FROM generate_series(1, 60) AS n;`,
  ],
  [
    '20250121140500',
    `INSERT INTO orders (customer_id, order_number, status, currency, subtotal_cents, shipping_cents, shipping_address, placed_at, shipped_at)
     SELECT 1 + n % 200, format('O-%s', n), CASE WHEN n % 4 = 0 THEN 'paid' ELSE 'shipped' END::order_status, 'EUR', n * 100, 495,
            '{"city": "Utrecht"}', '2025-01-21 12:00:00+00'::timestamptz + n * interval '1 hour',
            CASE WHEN n % 4 = 0 THEN NULL ELSE '2025-01-22 12:00:00+00'::timestamptz + n * interval '1 hour' END
     FROM generate_series(1, 1000) AS n;
     INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents)
     SELECT o.id, 1 + (o.id + line) % 60, 1 + line, 1999 FROM orders AS o, generate_series(0, 2) AS line;`,
  ],
  [
    '20250402131000',
    `INSERT INTO inventory_levels (product_id, warehouse_code, on_hand) SELECT id, 'AMS', 40 FROM products;
     UPDATE inventory_levels SET reserved = 2 WHERE product_id % 5 = 0;`,
  ],
  [
    '20250910070000',
    'REFRESH MATERIALIZED VIEW product_sales; REFRESH MATERIALIZED VIEW CONCURRENTLY product_sales;',
  ],
  [
    '20251014134500',
    `INSERT INTO support_tickets (customer_id, subject, body) SELECT 1 + n, 'Where is my parcel?', 'Still waiting.' FROM generate_series(1, 40) AS n;`,
  ],
  [
    '20251120101000',
    `INSERT INTO events (occurred_at, customer_id, kind)
     SELECT '2025-11-20 00:00:00+00'::timestamptz + n * interval '5 hours', 1 + n % 200, 'product-viewed' FROM generate_series(1, 1000) AS n;`,
  ],
  [
    '20260224153000',
    `INSERT INTO discount_codes (code, percent_off) VALUES ('SPRING', 10), ('SORRY', 25);
     INSERT INTO discount_redemptions (discount_code_id, order_id) SELECT 1, id FROM orders WHERE id % 50 = 0;`,
  ],
]);
