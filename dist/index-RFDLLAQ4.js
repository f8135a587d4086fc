import{p as w,q as v,s as K,u as H,w as B,z as $}from"./index-H3UGKX3W.js";import{b as Y}from"./index-VMPLZAQ4.js";function G(e,n){let t=q(n.relations),a=(i,p)=>n.empty.has(i)?[]:[p],s=J(n.relations)?[]:[de(t),pe(e,t),...a("pg_constraint",le(e,t)),...a("pg_index",Ee(t)),Ne(t),...a("pg_rewrite",ue(t)),...a("pg_trigger",me(t)),...a("pg_policy",_e(t)),...a("pg_rewrite",Ae(t)),...a("pg_statistic_ext",be(t)),Te(t)],r=q(n.routines);return J(n.routines)||s.push(fe(r),$e(r)),J(n.comments)||s.push(Re(q(n.comments))),n.others&&s.push(ie,ge(e),ye,Se,Oe,He,we,xe,Ie,De),s.map(i=>i.trim()).join(`
UNION ALL
`)}function J(e){return e!=="all"&&e.length===0}function q(e){return n=>e==="all"?"true":`${n} = ANY ('{${e.join(",")}}'::oid[])`}function g(e,n,t){return`SELECT '${e}' || ${n} AS part, ${t} AS id,`}var z="o",x="NULL::text",_=`SELECT '${z}' AS part, ${x} AS id,`,d="n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";function l(e,n){return`NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${e}'::regclass AND d.objid = ${n} AND d.deptype = 'e')`}var ie=`
${_} 'schema' AS kind, format('%I', n.nspname) AS object,
  json_build_object('owner', pg_get_userbyid(n.nspowner))::text AS facts
FROM pg_namespace n WHERE ${d} AND ${l("pg_namespace","n.oid")}`,ce=`CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
  WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' END`,de=e=>`
${g("r","c.oid","'class ' || c.oid")} ${ce} AS kind, format('%I.%I', n.nspname, c.relname) AS object,
  json_build_object(
    'owner', pg_get_userbyid(c.relowner),
    'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' WHEN 't' THEN 'temporary' ELSE 'permanent' END,
    'partitioned by', CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
    'partition bound', pg_get_expr(c.relpartbound, c.oid),
    'parents', (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
    'options', (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o),
    'row level security', CASE WHEN c.relrowsecurity THEN 'on' ELSE 'off' END,
    'forced row level security', CASE WHEN c.relforcerowsecurity THEN 'on' ELSE 'off' END,
    'replica identity', CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' ELSE
      (SELECT 'index ' || x.indexrelid::regclass FROM pg_index x WHERE x.indrelid = c.oid AND x.indisreplident) END,
    'access method', (SELECT a.amname FROM pg_am a WHERE a.oid = c.relam),
    'tablespace', (SELECT t.spcname FROM pg_tablespace t WHERE t.oid = c.reltablespace)
  )::text AS facts
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${e("c.oid")} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${d} AND ${l("pg_class","c.oid")}`;function pe(e,n){let t=e>=14?"CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END":"NULL";return`
${g("r","c.oid","'column ' || c.oid || '.' || a.attnum")} 'column' AS kind, format('%I.%I.%I', n.nspname, c.relname, a.attname) AS object,
  json_build_object(
    'type', format_type(a.atttypid, a.atttypmod),
    'null', CASE WHEN a.attnotnull THEN 'not null' ELSE 'nullable' END,
    'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'generated', CASE a.attgenerated WHEN 's' THEN pg_get_expr(d.adbin, d.adrelid) || ' stored'
      WHEN 'v' THEN pg_get_expr(d.adbin, d.adrelid) || ' virtual' END,
    'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
    'collation', CASE WHEN a.attcollation <> t.typcollation THEN (SELECT format('%I', l.collname) FROM pg_collation l WHERE l.oid = a.attcollation) END,
    'storage', CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
      WHEN 'm' THEN 'main' WHEN 'x' THEN 'extended' END END,
    'compression', ${t},
    'statistics target', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::text END,
    'options', (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(a.attoptions) o),
    'position', (SELECT count(*) FROM pg_attribute b WHERE b.attrelid = a.attrelid AND b.attnum BETWEEN 1 AND a.attnum AND NOT b.attisdropped)::text
  )::text AS facts
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE ${n("a.attrelid")} AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND ${d}
  AND ${l("pg_class","c.oid")}`}function le(e,n){return`
${g("r","c.oid","'constraint ' || k.oid")} 'constraint' AS kind, format('%I.%I.%I', n.nspname, c.relname, k.conname) AS object,
  ${X(e)} AS facts
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = k.connamespace
WHERE ${n("k.conrelid")} AND k.contype <> 'n' AND ${d} AND ${l("pg_class","c.oid")}`}function ge(e){return`
${_} 'constraint' AS kind, format('%I.%I.%I', n.nspname, t.typname, k.conname) AS object,
  ${X(e)} AS facts
FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.contype <> 'n' AND ${d}`}function X(e){return`json_build_object(
    'definition', pg_get_constraintdef(k.oid),
    'validated', CASE WHEN k.convalidated THEN 'validated' ELSE 'not valid' END,
    'enforced', ${e>=18?"CASE WHEN NOT k.conenforced THEN 'not enforced' END":"NULL"}
  )::text`}var Ee=e=>`
${g("r","x.indrelid","'class ' || c.oid")} 'index' AS kind, format('%I.%I', n.nspname, c.relname) AS object,
  json_build_object(
    'table', (SELECT format('%I.%I', tn.nspname, tc.relname) FROM pg_class tc JOIN pg_namespace tn ON tn.oid = tc.relnamespace WHERE tc.oid = x.indrelid),
    'constraint', (SELECT format('%I.%I.%I', tn.nspname, tc.relname, k.conname) FROM pg_constraint k JOIN pg_class tc ON tc.oid = k.conrelid
      JOIN pg_namespace tn ON tn.oid = tc.relnamespace WHERE k.conrelid = x.indrelid AND k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x') LIMIT 1),
    'definition', pg_get_indexdef(x.indexrelid),
    'valid', CASE WHEN x.indisvalid THEN 'valid' ELSE 'invalid' END,
    'clustered', CASE WHEN x.indisclustered THEN 'clustered on' END,
    'tablespace', (SELECT t.spcname FROM pg_tablespace t WHERE t.oid = c.reltablespace)
  )::text AS facts
FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${e("x.indrelid")} AND ${d} AND ${l("pg_class","x.indrelid")}`,Ne=e=>`
${g("r","c.oid",x)} 'sequence settings' AS kind, format('%I.%I', n.nspname, c.relname) AS object,
  json_build_object(
    'type', format_type(s.seqtypid, NULL), 'start', s.seqstart::text, 'increment', s.seqincrement::text,
    'minimum', s.seqmin::text, 'maximum', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', CASE WHEN s.seqcycle THEN 'yes' ELSE 'no' END,
    'owned by', (SELECT format('%I.%I.%I', on_.nspname, oc.relname, a.attname) FROM pg_depend d
      JOIN pg_class oc ON oc.oid = d.refobjid JOIN pg_namespace on_ ON on_.oid = oc.relnamespace
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0 LIMIT 1)
  )::text AS facts
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${e("s.seqrelid")} AND ${d} AND ${l("pg_class","c.oid")}`,ue=e=>`
${g("r","c.oid",x)} 'definition of view' AS kind, format('%I.%I', n.nspname, c.relname) AS object,
  json_build_object('query', pg_get_viewdef(c.oid), 'populated', CASE WHEN c.relkind = 'm' THEN c.relispopulated::text END)::text AS facts
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND (${e("c.oid")} OR c.oid IN (
  SELECT w.ev_class FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
  WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND ${e("d.refobjid")})) AND ${d} AND ${l("pg_class","c.oid")}`,me=e=>`
${g("r","c.oid","'trigger ' || g.oid")} 'trigger' AS kind, format('%I.%I.%I', n.nspname, c.relname, g.tgname) AS object,
  json_build_object('definition', pg_get_triggerdef(g.oid),
    'enabled', CASE g.tgenabled WHEN 'O' THEN 'enabled' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica only' ELSE 'always' END)::text AS facts
FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${e("g.tgrelid")} AND NOT g.tgisinternal AND ${d} AND ${l("pg_trigger","g.oid")}`,_e=e=>`
${g("r","c.oid","'policy ' || p.oid")} 'policy' AS kind, format('%I.%I.%I', n.nspname, c.relname, p.polname) AS object,
  json_build_object(
    'command', CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END,
    'kind', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
    'roles', (SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r)::text END, ', ' ORDER BY r) FROM unnest(p.polroles) r),
    'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)
  )::text AS facts
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${e("p.polrelid")} AND ${d}`,fe=e=>`
${g("f","p.oid","'routine ' || p.oid")} CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind,
  format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS object,
  json_build_object('owner', pg_get_userbyid(p.proowner),
    'definition', CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE format_type(p.prorettype, NULL) END)::text AS facts
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE ${e("p.oid")} AND ${d} AND ${l("pg_proc","p.oid")}`,ye=`
${_} 'type' AS kind, format('%I.%I', n.nspname, t.typname) AS object,
  json_build_object('owner', pg_get_userbyid(t.typowner), 'kind', CASE t.typtype WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range' WHEN 'm' THEN 'multirange' ELSE 'base' END,
    'range of', (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid))::text AS facts
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typtype IN ('c', 'r', 'b') AND (c.oid IS NULL OR c.relkind = 'c') AND t.typelem = 0 AND ${d} AND ${l("pg_type","t.oid")}`,Se=`
${_} 'enum' AS kind, format('%I.%I', n.nspname, t.typname) AS object,
  json_build_object('owner', pg_get_userbyid(t.typowner),
    'values', (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))::text AS facts
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND ${d} AND ${l("pg_type","t.oid")}`,Oe=`
${_} 'domain' AS kind, format('%I.%I', n.nspname, t.typname) AS object,
  json_build_object('owner', pg_get_userbyid(t.typowner), 'type', format_type(t.typbasetype, t.typtypmod),
    'null', CASE WHEN t.typnotnull THEN 'not null' ELSE 'nullable' END, 'default', t.typdefault)::text AS facts
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND ${d} AND ${l("pg_type","t.oid")}`,Ae=e=>`
${g("r","c.oid","'rule ' || r.oid")} 'rule' AS kind, format('%I.%I.%I', n.nspname, c.relname, r.rulename) AS object,
  json_build_object('definition', pg_get_ruledef(r.oid))::text AS facts
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${e("r.ev_class")} AND r.rulename <> '_RETURN' AND ${d}`,be=e=>`
${g("r","s.stxrelid","'statistics ' || s.oid")} 'statistics' AS kind, format('%I.%I', n.nspname, s.stxname) AS object,
  json_build_object('owner', pg_get_userbyid(s.stxowner), 'definition', pg_get_statisticsobjdef(s.oid))::text AS facts
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${e("s.stxrelid")} AND ${d}`,He=`
${_} 'extension' AS kind, format('%I', e.extname) AS object,
  json_build_object('version', e.extversion, 'schema', n.nspname)::text AS facts
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`,we=`
${_} 'event trigger' AS kind, format('%I', e.evtname) AS object,
  json_build_object('event', e.evtevent, 'function', e.evtfoid::regproc::text, 'enabled', e.evtenabled::text,
    'tags', array_to_string(e.evttags, ', '))::text AS facts
FROM pg_event_trigger e`,xe=`
${_} 'publication' AS kind, format('%I', p.pubname) AS object,
  json_build_object('owner', pg_get_userbyid(p.pubowner), 'all tables', p.puballtables::text,
    'operations', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
      CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
    'tables', (SELECT string_agg(r.prrelid::regclass::text, ', ' ORDER BY r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = p.oid))::text AS facts
FROM pg_publication p`,Re=e=>`
${g("c","d.objoid",x)} 'comment' AS kind, i.type || ' ' || i.identity AS object, json_build_object('text', d.description)::text AS facts
FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
WHERE d.objoid >= 16384 AND ${e("d.objoid")} AND i.identity IS NOT NULL AND coalesce(i.schema, '') !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
  AND d.classoid <> 'pg_extension'::regclass`;function P(e,n){return`
${e} 'privilege' AS kind,
  format('%s on %s %s to %s', lower(x.privilege_type), o.what, o.object, CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee)::text END) AS object,
  json_build_object('grantable', CASE WHEN x.is_grantable THEN 'with grant option' ELSE 'plain' END)::text AS facts
FROM (${n}) o (oid, what, object, acl, owner), aclexplode(o.acl) x
WHERE x.grantee <> o.owner`}var Te=e=>P(g("r","o.oid",x),`SELECT c.oid, 'relation', format('%I.%I', n.nspname, c.relname), c.relacl, c.relowner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${e("c.oid")} AND c.relacl IS NOT NULL AND ${d} AND ${l("pg_class","c.oid")}
  UNION ALL SELECT c.oid, 'column', format('%I.%I.%I', n.nspname, c.relname, a.attname), a.attacl, c.relowner
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${e("a.attrelid")} AND a.attacl IS NOT NULL AND NOT a.attisdropped AND ${d}`),$e=e=>P(g("f","o.oid",x),`SELECT p.oid, 'routine', format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), p.proacl, p.proowner
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${e("p.oid")} AND p.proacl IS NOT NULL AND ${d} AND ${l("pg_proc","p.oid")}`),Ie=P(_,`SELECT n.oid, 'schema', format('%I', n.nspname), n.nspacl, n.nspowner FROM pg_namespace n WHERE n.nspacl IS NOT NULL AND ${d}
  UNION ALL SELECT t.oid, 'type', format('%I.%I', n.nspname, t.typname), t.typacl, t.typowner
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typacl IS NOT NULL AND ${d} AND ${l("pg_type","t.oid")}`),De=`
${_} 'default privilege' AS kind,
  format('%s on %s of %s%s to %s', lower(x.privilege_type),
    CASE a.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE a.defaclobjtype::text END,
    pg_get_userbyid(a.defaclrole), COALESCE(' in ' || n.nspname, ''), CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee)::text END) AS object,
  json_build_object('grantable', CASE WHEN x.is_grantable THEN 'with grant option' ELSE 'plain' END)::text AS facts
FROM pg_default_acl a LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace, aclexplode(a.defaclacl) x`;var We="pg_catalog, pg_temp",Q="airlock.path",he=`SELECT pg_catalog.set_config('${Q}', pg_catalog.current_setting('search_path'), true),
  pg_catalog.set_config('search_path', '${We}', true)`,Ce=`SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('${Q}'), true)`;async function I(e,n,t){let a=await n(`${he};
${t}`);return await e.run(Ce),a}var f=16384,je="coalesce((SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = c.oid), c.oid)",D=[{from:"pg_class c",key:"c.oid::int8",owner:`CASE WHEN c.relkind IN ('i', 'I') THEN ${je} ELSE c.oid END`,where:`c.oid >= ${f} AND c.relkind <> 't'`,reads:"relations"},{from:"pg_attribute c",key:"c.attrelid::int8",owner:"c.attrelid",where:`c.attrelid >= ${f} AND c.attnum > 0`,reads:"relations",neverAlone:!0},{from:"pg_attrdef c",key:"c.oid::int8",owner:"c.adrelid",where:"true",reads:"relations",neverAlone:!0},{from:"pg_sequence c",key:"c.seqrelid::int8",owner:"c.seqrelid",where:"true",reads:"relations",neverAlone:!0},{from:"pg_index c",key:"c.indexrelid::int8",owner:"c.indrelid",where:`c.indexrelid >= ${f}`,reads:"relations"},{from:"pg_constraint c",key:"c.oid::int8",owner:"c.conrelid",where:`c.oid >= ${f} AND c.conrelid <> 0`,reads:"relations"},{from:"pg_trigger c",key:"c.oid::int8",owner:"c.tgrelid",where:"NOT c.tgisinternal",reads:"relations"},{from:"pg_policy c",key:"c.oid::int8",owner:"c.polrelid",where:"true",reads:"relations"},{from:"pg_rewrite c",key:"c.oid::int8",owner:"c.ev_class",where:`c.oid >= ${f}`,reads:"relations"},{from:"pg_statistic_ext c",key:"c.oid::int8",owner:"c.stxrelid",where:"true",reads:"relations"},{from:"pg_inherits c",key:"c.inhrelid::int8 * 4294967 + c.inhparent::int8",owner:"c.inhrelid",where:"true",reads:"relations"},{from:"pg_proc c",key:"c.oid::int8",owner:"c.oid",where:`c.oid >= ${f}`,reads:"routines"},{from:"pg_description c",key:"(c.objoid::int8 * 4294967 + c.classoid::int8) * 1000 + c.objsubid",owner:"c.objoid",where:`c.objoid >= ${f}`,reads:"comments"}],Le=["SELECT oid, xmin FROM pg_namespace WHERE nspname !~ '^pg_'",`SELECT oid, xmin FROM pg_type WHERE oid >= ${f} AND typelem = 0
    AND (typtype <> 'c' OR typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c'))`,"SELECT oid, xmin FROM pg_enum","SELECT oid, xmin FROM pg_constraint WHERE contypid <> 0"],ke=["pg_event_trigger","pg_publication","pg_publication_rel","pg_default_acl"].map(ee),Me=["pg_extension","pg_collation","pg_operator","pg_opclass","pg_opfamily","pg_am","pg_language","pg_foreign_server","pg_foreign_data_wrapper","pg_ts_config","pg_ts_dict"].map(ee),Fe=[Le,ke,Me].map(e=>`(${e.join(" UNION ALL ")}) c`);function ee(e){return`SELECT oid, xmin FROM ${e} WHERE oid >= ${f}`}var ve=["SELECT count(*)::text || ' ' || coalesce(sum(hashtext(rolname)::int8 * (oid::int8 % 65537)), 0) FROM pg_roles","SELECT count(*)::text || ' ' || coalesce(sum(objid::int8), 0) FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'"],L=$([v(),w()]),Je=H($([w(),v()])),qe=B({next:w(),unfinished:K(),signs:H(w()),tracked:H($([L,L,Je])),wholes:H($([L,L]))});function V(e){return new Set(D.flatMap(({from:n,neverAlone:t},a)=>t||e[a]?.[0]!==0?[]:[n.replace(/ c$/,"")]))}async function k(e,n){let{next:t,unfinished:a,signs:s,tracked:r,wholes:i}=await ze(e,n?.next),p=r.map(([,o])=>o),E=i.map(([,o])=>o),y=()=>({seen:{next:t,signs:s,sums:p,wholes:E,owners:r.map(([,,o])=>new Map(o))},wanted:{...Pe,empty:V(p)},unfinished:a});if(!n)return y();let S=i.map(([o],c)=>!U(o,n.wholes[c])),[M,h,F]=i.map(([o,c],u)=>S[u]===!0||!U(o,c));if(s.some((o,c)=>o!==n.signs[c])||S[0]===!0||F===!0)return k(e,void 0);let N={relations:new Set,routines:new Set,comments:new Set},O=D.map(({neverAlone:o},c)=>o!==!0&&!U(r[c]?.[0],n.sums[c])),C=O.includes(!0)?await Ke(e,O):[],R=D.map(({reads:o,neverAlone:c},u)=>{let m=n.owners[u]??new Map,A=r[u]?.[2]??[];for(let[,T]of A)N[o].add(T);if(c||A.length===0&&!O[u])return m;let b=new Map(m);if(O[u]){let T=new Set(C[u]);for(let[j,se]of m)T.has(j)||(b.delete(j),N[o].add(se))}for(let[T,j]of A)b.set(T,j);return b});return{seen:{next:t,signs:s,sums:p,wholes:E,owners:R},wanted:{relations:[...N.relations],routines:[...N.routines],comments:[...N.comments],others:M===!0||h===!0,empty:V(p)},unfinished:a}}async function ze(e,n){let[t]=await I(e,s=>e.query(s),Ue(n)),a=qe.safeParse(ne(t?.seen));if(a.success)return a.data;throw new Y("untruthful","The shadow database does not tell what is in its catalog any more.")}var Pe={relations:"all",routines:"all",comments:"all",others:!0};function U(e,n){return e!==void 0&&n!==void 0&&e[0]===n[0]&&e[1]===n[1]}var Z="json_build_array(0, '')";function Ue(e){let n=e===void 0?"true":`age(c.xmin) <= age('${e}'::xid)`,t=r=>[`FILTER (WHERE NOT (${n}))`,""].map(i=>`json_build_array(count(*) ${i}, coalesce(sum(${r}) ${i}, 0)::text)`).join(", "),a=D.map(({from:r,key:i,owner:p,where:E,neverAlone:y})=>{let S=`json_build_array((${i})::text, (${p})::int8)`;return y?`(SELECT json_build_array(${Z}, ${Z}, coalesce(json_agg(${S}), '[]')) FROM ${r} WHERE ${E} AND ${n})`:`(SELECT json_build_array(${t(i)}, coalesce(json_agg(${S}) FILTER (WHERE ${n}), '[]')) FROM ${r} WHERE ${E})`}),s=Fe.map(r=>`(SELECT json_build_array(${t("c.oid::int8")}) FROM ${r})`);return`SELECT json_build_object(
'next', (pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296)::text,
'unfinished', pg_current_xact_id_if_assigned() IS NOT NULL,
'signs', json_build_array(${ve.map(r=>`(${r})`).join(", ")}),
'tracked', json_build_array(${a.join(`,
`)}),
'wholes', json_build_array(${s.join(`,
`)})
)::text AS seen`}async function Ke(e,n){let a=`SELECT json_build_array(${D.map(({from:i,key:p,where:E},y)=>n[y]?`(SELECT coalesce(json_agg((${p})::text), '[]') FROM ${i} WHERE ${E})`:"'[]'::json").join(`,
`)})::text AS seen`,[s]=await I(e,i=>e.query(i),a),r=H(H(w())).safeParse(ne(s?.seen));return r.success?r.data:[]}function ne(e){try{return JSON.parse(e??"null")}catch(n){if(n instanceof SyntaxError)return;throw n}}var W=new WeakMap;async function sn(e){let n=W.get(e),t=(n&&await Ye(e,n))??await Be(e);return t.unfinished?W.delete(e):W.set(e,t),t.snapshot}function cn(e){return W.get(e)}function dn(e,n){n&&W.set(e,n)}async function Be(e){return te(e,await k(e,void 0))}async function te(e,{seen:n,wanted:t,unfinished:a}){let s=re(await ae(e,t));return{snapshot:Ge(s),seen:n,parts:s,names:oe([...s.values()].flat()),unfinished:a}}async function Ye(e,n){let t=await k(e,n.seen),{seen:a,wanted:s,unfinished:r}=t,{relations:i,routines:p,comments:E,others:y}=s;if(i==="all"||p==="all"||E==="all")return te(e,t);if(i.length+p.length+E.length===0&&!y)return{...n,seen:a,unfinished:r};let S=re(await ae(e,s)),M=[...S.values()].flat(),h=oe(M);for(let[o,c]of h)if((n.names.get(o)??c)!==c)return;let F=[...i.map(o=>`r${o}`),...p.map(o=>`f${o}`),...E.map(o=>`c${o}`),...y?[z]:[]],N=new Map(n.parts),O=new Map,C=o=>{let c=O.get(o)??new Map(n.snapshot.get(o));return O.set(o,c),c},R=new Map(n.names);for(let o of F){for(let{id:c,kind:u,object:m}of N.get(o)??[])C(u).delete(m),c!==void 0&&R.delete(c);N.delete(o)}for(let[o,c]of S){let u=(N.get(o)??[]).filter(m=>!c.some(({kind:A,object:b})=>m.kind===A&&m.object===b));N.set(o,[...u,...c]);for(let{kind:m,object:A,facts:b}of c)C(m).set(A,b)}for(let[o,c]of h)R.set(o,c);return{snapshot:new Map([...n.snapshot,...O]),seen:a,parts:N,names:R,unfinished:r}}function oe(e){return new Map(e.flatMap(({id:n,object:t})=>n===void 0?[]:[[n,t]]))}function ae(e,n){let t=G(e.server.major,n);return I(e,a=>e.query(a),t)}function re(e){let n=new Map;for(let{part:t,id:a,kind:s,object:r,facts:i}of e){if(t==null||s==null||r==null)continue;let p=n.get(t)??[];p.push({id:a??void 0,kind:s,object:r,facts:Xe(i)}),n.set(t,p)}return n}function Ge(e){let n=new Map;for(let t of e.values())for(let{kind:a,object:s,facts:r}of t){let i=n.get(a)??new Map;n.set(a,i.set(s,r))}return n}function Xe(e){return e==null?{}:JSON.parse(e)}export{G as a,I as b,sn as c,cn as d,dn as e};
