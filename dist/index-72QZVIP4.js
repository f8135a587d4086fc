import"./index-7L36IMH4.js";var t=`WITH RECURSIVE own AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples, pg_catalog.pg_total_relation_size(c.oid) AS bytes,
    greatest(s.last_analyze, s.last_autoanalyze) AS analyzed
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
  WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), below AS (
  SELECT oid AS root, oid FROM own WHERE relkind = 'p'
  UNION ALL
  SELECT below.root, i.inhrelid FROM below JOIN pg_catalog.pg_inherits i ON i.inhparent = below.oid
), leaves AS (
  SELECT below.root, sum(greatest(own.reltuples, 0)) AS rows, bool_or(own.reltuples >= 0) AS counted,
    sum(own.bytes) AS bytes, max(own.analyzed) AS analyzed
  FROM below JOIN own ON own.oid = below.oid AND own.relkind = 'r' GROUP BY below.root
)
SELECT own.nspname::text AS schema, own.relname::text AS name,
  (CASE WHEN relkind = 'p' THEN CASE WHEN leaves.counted THEN leaves.rows END
        WHEN reltuples >= 0 THEN reltuples END)::bigint::text AS rows,
  (CASE WHEN relkind = 'p' THEN coalesce(leaves.bytes, 0) ELSE own.bytes END)::bigint::text AS bytes,
  to_char((CASE WHEN relkind = 'p' THEN leaves.analyzed ELSE own.analyzed END) AT TIME ZONE 'UTC',
    'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS analyzed
FROM own LEFT JOIN leaves ON leaves.root = own.oid
ORDER BY own.nspname, own.relname`;async function l(n,a){let o=await n.query(t);return{serverVersion:n.server.text,takenAt:a.toISOString(),tables:Object.fromEntries(o.map(e=>[`${e.schema}.${e.name}`,{...e.rows==null?{}:{rows:Number(e.rows)},bytes:Number(e.bytes),...e.analyzed==null?{}:{lastAnalyze:e.analyzed}}]))}}export{l as measure};
