import type pg from 'pg';

/** Everything in the schema public, one line an object, as PostgreSQL itself would write it. */
const DESCRIPTION = `
WITH relation AS (
  SELECT oid, relname, relkind, relrowsecurity, relispartition, relpartbound
  FROM pg_class WHERE relnamespace = 'public'::regnamespace
)
SELECT format('relation %s kind %s row security %s %s', relname, relkind, relrowsecurity,
              pg_get_expr(relpartbound, oid)) AS line
FROM relation
UNION ALL
SELECT format('column %s.%s %s not null %s identity %s default %s', relname, attname,
              format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid))
FROM relation JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT format('constraint %s.%s %s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
FROM relation JOIN pg_constraint ON conrelid = relation.oid
UNION ALL
SELECT format('index %s valid %s', pg_get_indexdef(indexrelid), indisvalid)
FROM relation JOIN pg_index ON indrelid = relation.oid
UNION ALL
SELECT format('view %s %s', relname, pg_get_viewdef(oid)) FROM relation WHERE relkind IN ('v', 'm')
UNION ALL
SELECT format('trigger %s', pg_get_triggerdef(pg_trigger.oid))
FROM relation JOIN pg_trigger ON tgrelid = relation.oid AND NOT tgisinternal
UNION ALL
SELECT format('policy %s.%s %s using %s check %s', tablename, policyname, cmd, qual, with_check)
FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT format('type %s %s', typname, (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = pg_type.oid))
FROM pg_type WHERE typnamespace = 'public'::regnamespace
UNION ALL
SELECT format('function %s', pg_get_functiondef(oid)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY line`;

export async function describeSchema(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(DESCRIPTION);
  return rows.map(({ line }) => line);
}
