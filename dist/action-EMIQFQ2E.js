import{c as ne}from"./action-HEIIKNJ2.js";import{a as g,c as te}from"./action-TQRLHL6Z.js";import{a as y,d as oe,e as re,g as ae,h as ie,i as se,m as de}from"./action-7I4NKA2B.js";import{a as ee}from"./action-4FZRRP6S.js";import{a as K}from"./action-3OCRTH5D.js";import{a as Q}from"./action-LVBPEINP.js";import{d as w}from"./action-TVAW4KBB.js";import{a as B,b as q,c as G,g as Y,h as j,j as V,k as X}from"./action-XC2PG4QB.js";import{b as F,j as W}from"./action-VHV26XMM.js";import{ib as M,pa as v,sa as P,va as $}from"./action-4BJPXLIM.js";import{a as z}from"./action-R4P7VMD5.js";import{b as Z}from"./action-25IQ5S6V.js";import{c as J}from"./action-O56NCSTA.js";import{a as k,b as N}from"./action-VQ7JVL7J.js";import{a as S,b as A}from"./action-6DHCYTVX.js";import{c as E,d as b,f as D}from"./action-VPWXC5LV.js";import{d as T,e as u}from"./action-4N7DZHY6.js";import{j as L,l as H}from"./action-SUD425Q4.js";import{a as I}from"./action-GBAVSWAN.js";var le=`id, migration_id, name, checksum, status, applied_at, run_id, transactional, statements_total,
  statements_begun, statements_done, done_digest, backend_pid, backend_start, error`;async function ce(e,t){return(await e.query(`SELECT ${le} FROM (
       SELECT DISTINCT ON (migration_id) ${le} FROM ${t.history} ORDER BY migration_id, id DESC
     ) newest ORDER BY id`)).map(ue)}function ue(e){let t=e.backend_pid;return{row:Number(e.id),id:e.migration_id??"",name:e.name??"",checksum:e.checksum??"",status:Se(e.status),at:e.applied_at??"",runId:e.run_id??"",transactional:e.transactional==="t",statementsTotal:Number(e.statements_total),statementsBegun:Number(e.statements_begun),statementsDone:Number(e.statements_done),doneDigest:e.done_digest??void 0,...t==null?{}:{backend:{pid:Number(t),start:e.backend_start??""}},error:e.error??void 0}}function Se(e){switch(e){case"running":case"applied":case"rolled_back":case"baselined":case"superseded":return e;default:return"failed"}}async function nt(e,t,n,o){let[r]=await e.query(`SELECT id, migration_id, name, '' AS checksum, status, rolled_back_at AS applied_at, run_id, transactional,
       statements_total, statements_begun, statements_done, done_digest, backend_pid, backend_start, error
     FROM ${t.rollbacks} WHERE migration_id = $1 AND history_id = $2 ORDER BY id DESC LIMIT 1`,[n,o]),a=r&&ue(r);return a&&r&&(r.status==="running"||r.status==="failed")?a:void 0}function it(e,t){let n=new Map(t.map(l=>[l.id,l])),o=new Map(e.map(l=>[l.migration.id,l])),r=e.findLast(({migration:l})=>!l.repeatable&&me(n.get(l.id)))?.migration.sortKey,a=e.map(l=>Oe(l,n.get(l.migration.id),r)),i=t.filter(l=>!o.has(l.id)&&(me(l)||l.status==="running")).map(l=>({id:l.id,name:l.name,standing:l.status==="running"?"running":"missing",outOfOrder:!1,recorded:l})),s=a.filter(Ae),c=new Set(s.map(({sealed:l})=>l?.migration)),{order:d,unknown:m,cycles:p}=M(e.map(({migration:l})=>l),l=>c.has(l)),_=new Map(d.map((l,h)=>[l,h])),f=({sealed:l})=>(l&&_.get(l.migration))??0;return{all:[...i,...a],pending:s.sort((l,h)=>f(l)-f(h)),unknownDependencies:m,cycles:p}}function st({standing:e,outOfOrder:t}){return e==="edited"||e==="missing"||t}function me(e){return e?.status==="applied"||e?.status==="baselined"}function Ae({standing:e,recorded:t}){return e==="pending"||e==="failed"||e==="running"&&t!==void 0}function Oe(e,t,n){let{migration:o,checksum:r}=e,a=Ue(o,r,t);return{id:o.id,name:o.name,standing:a,outOfOrder:!o.repeatable&&(a==="pending"||a==="failed")&&n!==void 0&&v(o.sortKey,n)<0,sealed:e,recorded:t}}function Ue(e,t,n){switch(n?.status){case void 0:case"rolled_back":case"superseded":return"pending";case"failed":case"running":return n.status;case"baselined":case"applied":return n.checksum===t?n.status:e.repeatable?"pending":"edited"}}var R="migration_lock",Ce={first:50,longest:500};async function pe(e){let[t]=await e.query(`SELECT pid, pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text AS start
       FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()`);return{pid:Number(t?.pid),start:t?.start??""}}var fe=`SELECT FROM pg_catalog.generate_subscripts(held.backend_pids, 1) AS at
  JOIN pg_catalog.pg_stat_activity activity ON activity.pid = held.backend_pids[at]
    AND (activity.backend_start IS NULL OR
      pg_catalog.date_part('epoch', activity.backend_start)::pg_catalog.numeric::pg_catalog.text = held.backend_starts[at])`;async function O(e,t){let[n]=await e.query(`SELECT token, run_id, command, executed_by, host, process_id, acquired_at, expires_at,
       expires_at <= pg_catalog.clock_timestamp() AS expired,
       pg_catalog.array_to_json(backend_pids) AS pids, pg_catalog.array_to_json(backend_starts) AS starts,
       CASE WHEN backend_pids IS NULL THEN 'unknown' WHEN EXISTS (${fe}) THEN 'yes' ELSE 'no' END AS alive
     FROM ${t.locks} held WHERE lock_name = ${y(R)}`);return n&&we(n)}function we(e){let t=a=>e[a]??"",n=JSON.parse(e.pids??"[]"),o=JSON.parse(e.starts??"[]"),r=t("alive");return{token:t("token"),runId:t("run_id"),command:t("command"),executedBy:t("executed_by"),host:t("host"),processId:Number(e.process_id),acquiredAt:t("acquired_at"),expiresAt:t("expires_at"),expired:e.expired==="t",backends:n.map((a,i)=>({pid:a,start:o[i]??""})),alive:r==="yes"||r==="no"?r:"unknown"}}async function ut(e,t,n){let o=performance.now()+n.patience;for(let r=1;;r++){if(n.signal.aborted)return{ok:!1,because:"interrupted"};let a=await O(e,t),i=a===void 0||a.expired||a.alive==="no",s=i?await De(e,t,n):void 0;if(s!==void 0)return{ok:!0,token:s,before:a};let c=o-performance.now();if(c<=0)return{ok:!1,because:"held",holder:a};a&&!i&&n.waiting?.(a),await re(Math.min(c,oe(r,Ce,Math.random())),n.signal)}}async function De(e,t,{who:n,backends:o,ttl:r}){let a=o?`ARRAY[${o.map(({pid:c})=>c).join(", ")}]::int4[]`:"NULL",i=o?`${y(o.map(({start:c})=>c))}::text[]`:"NULL",[s]=await e.query(`INSERT INTO ${t.locks} AS held
       (lock_name, run_id, command, executed_by, host, process_id, backend_pids, backend_starts, expires_at)
     VALUES (${[R,n.runId,n.command,n.executedBy,n.host,n.processId].map(y).join(", ")},
       ${a}, ${i}, ${ge(r)})
     ON CONFLICT (lock_name) DO UPDATE SET token = DEFAULT, run_id = EXCLUDED.run_id, command = EXCLUDED.command,
       executed_by = EXCLUDED.executed_by, host = EXCLUDED.host, process_id = EXCLUDED.process_id,
       backend_pids = EXCLUDED.backend_pids, backend_starts = EXCLUDED.backend_starts,
       acquired_at = EXCLUDED.acquired_at, expires_at = EXCLUDED.expires_at
     WHERE held.expires_at <= pg_catalog.clock_timestamp()
       OR (held.backend_pids IS NOT NULL AND NOT EXISTS (${fe}))
     RETURNING token`);return s?.token??void 0}async function mt(e,t,n,o){return(await e.query(`UPDATE ${t.locks} SET expires_at = ${ge(o)} WHERE ${U(n)} RETURNING token`)).length>0}async function pt(e,t,n,o){await e.query(`UPDATE ${t.locks} SET backend_pids = ARRAY[${o.map(({pid:r})=>r).join(", ")}]::int4[],
       backend_starts = ${y(o.map(({start:r})=>r))}::text[] WHERE ${U(n)}`)}async function ft(e,t,n){await e.query(`DELETE FROM ${t.locks} WHERE ${U(n)}`)}function gt(e,t){return`(SELECT token FROM ${e.locks} WHERE lock_name = ${y(R)}) = ${y(t)}::pg_catalog.int8`}function U(e){return`lock_name = ${y(R)} AND token = ${y(e)}::pg_catalog.int8`}function ge(e){return`pg_catalog.clock_timestamp() + ${Math.round(e)} * interval '1 millisecond'`}async function yt(e,t){let n=[];for(let o of t){let[r]=await e.query(`SELECT state FROM pg_catalog.pg_stat_activity WHERE pid = ${o.pid} AND pid <> pg_catalog.pg_backend_pid()
         AND (backend_start IS NULL OR
           pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text = ${y(o.start)})`);r!==void 0&&(r.state?.startsWith("idle")&&await Ie(e,o.pid)||n.push(o))}return n}async function Ie(e,t){return(await e.query(`SELECT pg_catalog.pg_terminate_backend(pid) AS ended FROM pg_catalog.pg_stat_activity
      WHERE pid = ${t} AND pg_catalog.pg_has_role(usesysid, 'MEMBER')`))[0]?.ended==="t"}import{createHash as ve}from"node:crypto";async function Nt(e,t,n){await q("postgres");let{migration:o}=e,r=a=>Pe(a,t,n);return{...e,up:r(o.up),...o.down?{down:r(o.down)}:{},...o.verify?{verify:r(o.verify)}:{}}}function ye(e){return{migration:e,checksum:K(e.up.file.text)}}function Pe(e,t,n){let o=G(e,{dialect:"postgres",placeholders:n.placeholders}),r=B(e,o,t,{...n,runner:"airlock"}),{written:a}=W(e.file.text,e.pieces,n.placeholders);return{section:e,run:{steps:z(o,a),transaction:r.transaction,lockTimeout:r.lockTimeout??n.lockTimeout,statementTimeout:r.statementTimeout??n.statementTimeout,idleTimeout:n.idleTimeout,pooled:n.pooled},blocked:$e(o)}}function $e(e){return e.notAnalysed.filter(({span:t})=>!e.statements.some(n=>n.span.start<=t.start&&t.end<=n.span.end))}function Rt(e){return ve("sha256").update(JSON.stringify(e.map(({sql:t})=>t)),"utf8").digest("hex")}async function _e(e,t,n){let o=await V({root:e,configuration:t,env:n});if(!o.ok)return o;let[r,a]=o.directories;if(r===void 0||a!==void 0)return{ok:!1,reasonCode:"usage",message:`there are several migrations folders (${o.directories.map(f=>f||".").join(", ")}), and a database has one.`,next:`name it: --directory ${r||"."}, or directory: in migration.config.yml`};let i=X({root:e,directory:r,excluded:await j(t.exclude)});if(!i.ok)return i;let s=t.layout===void 0?void 0:$.get(t.layout),c=s?void 0:await Y(i.folder,e,n);if(c&&c.status!=="found")return{ok:!1,reasonCode:c.status==="unknown"?"layout-unknown":"layout-ambiguous",message:`the layout of ${r||"the repository root"} is not known.`,next:"name it: --layout <layout>, or layout: in migration.config.yml"};let d=s??c?.layout;if(!d)throw new Error("a layout was named or detected");if(H(t,d.id)==="native")return{ok:!1,reasonCode:"runner-native",message:`the files of ${r||"the repository root"} are in the layout of ${d.title}, whose own tool runs them.`,next:"to have Airlock run them: --runner airlock, or runner: airlock in migration.config.yml"};let m=d.read(i.folder,t.layouts),p=[...m.unread,...i.unread].find(f=>f.broken)??i.unread.find(({file:f,reason:l})=>f.endsWith(".sql")||l.startsWith("cannot be listed"));if(p)return{ok:!1,reasonCode:"file-unreadable",message:`${p.file}:${p.line} ${p.reason}.`,next:"correct the file, or leave it out: exclude: in migration.config.yml"};let[_]=P(m.migrations);return _?{ok:!1,reasonCode:"usage",message:`${_.file.path}: ${_.message}.`,next:"airlock validate"}:{ok:!0,layout:d,directory:r,migrations:m.migrations.map(ye),read:{directory:r,folder:i.folder,reading:m,unread:i.unread}}}import{randomUUID as We}from"node:crypto";import{hostname as qe,userInfo as Ge}from"node:os";function he(e,t,n){return n===void 0?Fe(e,t):Me(e,t,n)}function Me(e,t,n){let{environments:o}=e,r=o.get(n),a=T(n,"DATABASE_URL");if(!r&&(o.size>0||u(t,a)===void 0)){let m=I(n,o.keys()),p=[...o.keys()].join(", ");return{ok:!1,reasonCode:"environment-unknown",problem:`there is no environment ${JSON.stringify(n)}${m===void 0?"":`; did you mean ${m}?`}`,next:p===""?`name it under environments: in migration.config.yml, or set ${a}`:`name one of ${p}, or add it under environments: in migration.config.yml`}}let i=r??be(e),s=u(t,a)===void 0?"DATABASE_URL":a,c=u(t,s)??Le(t);if(c===void 0)return Te(a);let d=[...o.keys()].find(m=>m!==n&&u(t,T(m,"DATABASE_URL"))===c);return s==="DATABASE_URL"&&d!==void 0?{ok:!1,reasonCode:"database-missing",problem:`${n} was named, and DATABASE_URL is the address of ${d}.`,next:`set ${a}, or name ${d}: --env ${d}`}:{ok:!0,target:Ee({environment:n,url:c,from:s,policy:i},t)}}function Fe(e,t){let n=u(t,"DATABASE_URL")??Le(t);if(n===void 0)return Te("DATABASE_URL");let o=[...e.environments].filter(([s])=>u(t,T(s,"DATABASE_URL"))===n),[r]=o,a=r&&o.length===1?r[1]:be(e),i=o.length===1?r?.[0]:void 0;return{ok:!0,target:Ee({environment:i,url:n,from:"DATABASE_URL",policy:a},t)}}function Ee(e,t){let{environment:n,url:o,from:r,policy:a}=e,i=n!==void 0||a.directUrl!==""?a.directUrl:"DIRECT_URL";return{environment:n,url:o,variable:r,directUrl:u(t,i),directVariable:i,policy:a}}function be({environments:e,approvers:t,healthCheck:n,requireApproval:o}){let r=[...e.values()],a=r.flatMap(({maxDuration:s})=>s===void 0?[]:[s]),i=[...r].sort((s,c)=>c.requireApproval-s.requireApproval)[0];return{skipBackup:r.length>0?r.every(({skipBackup:s})=>s):L.skipBackup,skipValidation:r.length>0?r.every(({skipValidation:s})=>s):L.skipValidation,autoRollback:L.autoRollback,maxDuration:a.length>0?Math.min(...a):void 0,requireApproval:Math.max(o,...r.map(s=>s.requireApproval)),directUrl:"DIRECT_URL",healthCheck:n,approvers:i?.approvers??t}}function Le(e){let[t,n]=[u(e,"PGHOST"),u(e,"PGDATABASE")];if(t===void 0&&n===void 0)return;let o=new URL("postgres://localhost");o.username=encodeURIComponent(u(e,"PGUSER")??""),o.password=encodeURIComponent(e.PGPASSWORD??""),t?.startsWith("/")?o.searchParams.set("host",t):t!==void 0&&(o.hostname=t),o.port=u(e,"PGPORT")??"",o.pathname=`/${encodeURIComponent(n??u(e,"PGUSER")??"")}`;for(let[r,a]of[["PGSSLMODE","sslmode"],["PGSSLROOTCERT","sslrootcert"],["PGSSLCERT","sslcert"],["PGSSLKEY","sslkey"]]){let i=u(e,r);i!==void 0&&o.searchParams.set(a,i)}return o.href}function Te(e){return{ok:!1,reasonCode:"database-missing",problem:`nothing says which database is meant: ${e} is not set.`,next:`set ${e}=postgres://user:password@host:port/database, in the environment or in .env`}}var He=0;function ke(e,t){if(!t.enabled)return e;let n=++He;t("session opened",{session:n,process:e.processId,server:e.server.text});let o=async(r,a,i)=>{let s=performance.now(),c=()=>Math.round((performance.now()-s)*100)/100;try{let d=await a();return t("sql",{session:n,sql:r,ms:c(),...i(d)}),d}catch(d){throw d instanceof k?t("sql refused",{session:n,sql:r,ms:c(),code:d.fields.code,error:d.message}):d instanceof N&&t("session lost",{session:n,sql:r,ms:c(),because:d.because,error:d.message}),d}};return{get server(){return e.server},get processId(){return e.processId},get idle(){return e.idle},run:r=>o(r,()=>e.run(r),({command:a,count:i})=>({command:a,...i===void 0?{}:{count:i}})),query:(r,a)=>o(r,()=>e.query(r,a),i=>({rows:i.length})),async close(){await e.close(),t("session closed",{session:n})}}}var Ne=[{path:"001_system_tables.sql",text:`-- @metadata {
--   "author": "Airlock", "description": "the six system tables, and validate_migration_dependencies(id)",
--   "breakingChange": false, "estimatedDuration": 200, "dataVolume": "small", "risk": "low", "tags": ["system"]
-- }
-- UP
-- One row per up. Nothing is ever deleted: a down marks the row, and adds one to _migration_rollback_history.
CREATE TABLE _migration_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  migration_id text NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  status text NOT NULL
    CHECK (status IN ('running', 'applied', 'failed', 'rolled_back', 'baselined', 'superseded')),
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  duration_ms bigint,
  lock_wait_ms bigint NOT NULL DEFAULT 0,
  executed_by text NOT NULL,
  host text NOT NULL,
  tool_version text NOT NULL,
  git_sha text,
  pull_request text,
  run_id text NOT NULL,
  transactional boolean NOT NULL,
  -- How far it came. What was begun and not done may have been done or not.
  statements_total integer NOT NULL DEFAULT 0,
  statements_begun integer NOT NULL DEFAULT 0,
  statements_done integer NOT NULL DEFAULT 0,
  -- Of the texts of the statements that were done: a run goes on only where the file still says the same.
  done_digest text,
  -- The session that runs it, while it runs.
  backend_pid integer,
  backend_start text,
  dependencies text[] NOT NULL DEFAULT '{}',
  -- Milliseconds of each statement, in their order.
  statement_ms double precision[],
  -- Once a run, on its last migration: a digest of the catalog as the run left it, and for the newest run the catalog.
  catalog_fingerprint text,
  error text
);
CREATE UNIQUE INDEX _migration_history_once ON _migration_history (migration_id)
  WHERE status IN ('running', 'applied', 'baselined');
CREATE INDEX _migration_history_by_migration ON _migration_history (migration_id, id);

-- Releases, as the reviewed file beside the migrations names them; and, with kind 'system', the version of these tables.
CREATE TABLE _migration_versions (
  kind text NOT NULL CHECK (kind IN ('release', 'system')),
  version text NOT NULL,
  name text NOT NULL,
  migrations text[] NOT NULL DEFAULT '{}',
  tags text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  tool_version text NOT NULL,
  PRIMARY KEY (kind, version)
);

-- The lease of the command that runs. Each holder gets a token that is greater than all before it.
CREATE TABLE _migration_locks (
  lock_name text PRIMARY KEY,
  token bigint GENERATED ALWAYS AS IDENTITY,
  run_id text NOT NULL,
  command text NOT NULL,
  executed_by text NOT NULL,
  host text NOT NULL,
  process_id integer NOT NULL,
  -- The sessions of the holder: where none of them is alive, it is dead. Null behind a pooler.
  backend_pids integer[],
  backend_starts text[],
  acquired_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL
);

CREATE TABLE _backup_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'made', 'verified', 'failed', 'restored', 'removed')),
  location text NOT NULL,
  format text NOT NULL,
  encrypted boolean NOT NULL,
  size_bytes bigint,
  checksum text,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  verified_at timestamptz,
  -- Id of the newest row of _migration_history that the backup holds.
  history_head bigint,
  server_version text NOT NULL,
  tool_version text NOT NULL,
  executed_by text NOT NULL,
  host text NOT NULL,
  error text,
  details json
);

-- Each row holds the hash of the one before it; ids have no gaps.
CREATE TABLE _migration_audit_log (
  id bigint PRIMARY KEY,
  at text NOT NULL,
  action text NOT NULL,
  migration_id text,
  run_id text NOT NULL,
  actor text NOT NULL,
  host text NOT NULL,
  tool_version text NOT NULL,
  details text NOT NULL,
  previous_hash text NOT NULL UNIQUE,
  hash text NOT NULL UNIQUE,
  keyed boolean NOT NULL
);

CREATE TABLE _migration_rollback_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  history_id bigint NOT NULL,
  migration_id text NOT NULL,
  name text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'rolled_back', 'failed', 'forced')),
  reason text NOT NULL CHECK (reason IN ('command', 'automatic')),
  rolled_back_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  duration_ms bigint,
  lock_wait_ms bigint NOT NULL DEFAULT 0,
  executed_by text NOT NULL,
  host text NOT NULL,
  tool_version text NOT NULL,
  git_sha text,
  pull_request text,
  run_id text NOT NULL,
  transactional boolean NOT NULL,
  statements_total integer NOT NULL DEFAULT 0,
  statements_begun integer NOT NULL DEFAULT 0,
  statements_done integer NOT NULL DEFAULT 0,
  done_digest text,
  backend_pid integer,
  backend_start text,
  -- Where the last migration of a run was taken back.
  catalog_fingerprint text,
  error text
);
CREATE INDEX _migration_rollback_history_by_migration ON _migration_rollback_history (migration_id, id);

CREATE FUNCTION _migration_audit_log_is_append_only() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: the audit log only grows', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON _migration_audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION _migration_audit_log_is_append_only();
-- Also where session_replication_role is replica.
ALTER TABLE _migration_audit_log ENABLE ALWAYS TRIGGER append_only;

-- The dependencies that the newest row of a migration names, and whether each is in force on this database.
CREATE FUNCTION validate_migration_dependencies(id text)
RETURNS TABLE (dependency text, status text, satisfied boolean)
LANGUAGE sql STABLE
SET search_path FROM CURRENT
AS $$
  SELECT needed.dependency,
    coalesce(found.status, 'not applied'),
    coalesce(found.status IN ('applied', 'baselined'), false)
  FROM (
    SELECT unnest(newest.dependencies) AS dependency
    FROM (
      SELECT history.dependencies FROM _migration_history history
      WHERE history.migration_id = $1 ORDER BY history.id DESC LIMIT 1
    ) newest
  ) needed
  LEFT JOIN LATERAL (
    SELECT other.status FROM _migration_history other
    WHERE other.migration_id = needed.dependency ORDER BY other.id DESC LIMIT 1
  ) found ON true
$$;

-- DOWN
DROP FUNCTION IF EXISTS validate_migration_dependencies(text);
DROP TABLE IF EXISTS _migration_rollback_history, _migration_audit_log, _backup_history, _migration_locks,
  _migration_versions, _migration_history;
DROP FUNCTION IF EXISTS _migration_audit_log_is_append_only();

-- VERIFY
SELECT 1 / count(*) FROM pg_class WHERE oid = '_migration_history'::regclass;
SELECT 1 / count(*) FROM pg_class WHERE oid = '_migration_versions'::regclass;
SELECT 1 / count(*) FROM pg_class WHERE oid = '_migration_locks'::regclass;
SELECT 1 / count(*) FROM pg_class WHERE oid = '_backup_history'::regclass;
SELECT 1 / count(*) FROM pg_class WHERE oid = '_migration_audit_log'::regclass;
SELECT 1 / count(*) FROM pg_class WHERE oid = '_migration_rollback_history'::regclass;
SELECT 1 / count(*) FROM pg_proc WHERE oid = 'validate_migration_dependencies(text)'::regprocedure;
`}];var Be=/^(?:|localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/i;function Re(e,t){let n=URL.canParse(e)?new URL(e):void 0;if(!n||n.searchParams.has("sslmode")||n.searchParams.has("ssl"))return e;let o=n.searchParams.get("host")??n.hostname;return o.startsWith("/")||Be.test(o)?e:(n.searchParams.set("sslmode",t??"verify-full"),n.href)}async function mn(e,{env:t,json:n,...o},r){let a=await ne(r,{...o});if(!a.ok)return C("configuration-invalid",a.problems,te);let{configuration:i,env:s}=a,c=he(i,s,t);if(!c.ok)return C(c.reasonCode,[c.problem],c.next);let{root:d,git:m}=a.repository,[p,_]=await Promise.all([_e(a.root,i,s),m?J({root:d,env:r.env}):void 0]);if(!p.ok)return C(p.reasonCode,[p.message],p.next);let{target:f}=c,l=Re(f.directUrl??f.url,u(s,"PGSSLMODE")),h=b(E(s)),x=ee(r.log,h);return x("files read",{directory:p.directory,layout:p.layout.id,migrations:p.migrations.length,environment:f.environment,address:f.variable}),{ok:!0,project:a,target:f,files:p,open:async()=>ke(await Q({url:l},{longestRequest:2**31-1}),x),who:je(e,s,_),redact:h,log:x}}function pn({target:e}){let{hostname:t,pathname:n}=new URL(e.directUrl??e.url),o=n.slice(1),a=[o===""?[]:[`database ${A(Ye(o))}`],t===""?[]:[`at ${t}`]].flat().join(" ");return`${A(e.environment??e.variable)}${a===""?"":`: ${a}`}`}function Ye(e){return/^(?:[^%]|%[0-9a-f]{2})*$/i.test(e)?decodeURIComponent(e):e}function je(e,t,n){return{runId:We(),command:e,executedBy:u(t,"GITHUB_ACTOR")??Ve(),host:qe(),processId:process.pid,toolVersion:F,gitSha:n??u(t,"GITHUB_SHA"),pullRequest:/^refs\/pull\/(\d+)\//.exec(u(t,"GITHUB_REF")??"")?.[1]}}function Ve(){try{return Ge().username}catch(e){if(e instanceof Error&&"code"in e)return"unknown";throw e}}function C(e,t,n){return{ok:!1,code:g.usage,reasonCode:e,problems:t,next:n}}async function fn(e){return Ke(e,async()=>{let t=await e.open(),n=await Xe(t,e);return n.ok||await t.close(),n})}async function Xe(e,t){let n=await ie(e,t.project.configuration.systemSchema);if(n===void 0)return xe({ok:!1,because:"no-schema"},t);let o=ae(n),r=await se(e,o),a=Ne.length;if(r>a)return xe({ok:!1,because:"newer-schema",installed:r,known:a},t);let i=(await pe(e)).pid!==e.processId,s={ok:!0,connection:e,tables:o,pooled:i};return r===0?{...s,installed:!1,history:[],holder:void 0}:{...s,installed:!0,history:await ce(e,o),holder:await O(e,o)}}async function Ke({target:e},t){try{return await t()}catch(n){if(n instanceof N)return{ok:!1,code:g.unreachable,reasonCode:"database-unreachable",problems:[n.message],next:`look at ${e.variable}, and whether the server is up`};if(n instanceof k)return{ok:!1,code:g.unreachable,reasonCode:"database-refused",problems:[`the database refused: ${n.fields.message} (${n.fields.code})`],next:`look at ${e.variable}: user, password and the name of the database`};throw n}}function xe(e,{target:t}){switch(e.because){case"held":return{ok:!1,code:g.leaseHeld,reasonCode:"lease-held",problems:[`${e.holder?Je(e.holder):"another command"} holds the lease.`],next:"wait for it, or airlock unlock to see who it is"};case"interrupted":return{ok:!1,code:g.interrupted,reasonCode:"interrupted",problems:["interrupted before anything was run."]};case"no-schema":return{ok:!1,code:g.usage,reasonCode:"system-schema-missing",problems:["the search path of this user names no schema that exists, so there is no place for the system tables."],next:"systemSchema: public in migration.config.yml"};case"newer-schema":return{ok:!1,code:g.usage,reasonCode:"system-schema-newer",problems:[`the system tables are of version ${e.installed}, and this program knows version ${e.known}: a newer one was here.`],next:"upgrade pg-airlock"};case"not-installed":return{ok:!1,code:g.unreachable,reasonCode:"database-refused",problems:[`the system tables could not be installed: ${e.error}`],next:`give the user of ${t.variable} the right to create tables in that schema, or set systemSchema: in migration.config.yml`}}}function Je({command:e,executedBy:t,host:n,processId:o,acquiredAt:r}){return`airlock ${e} of ${t} on ${n} (process ${o}), since ${w(r)},`}function ze(e,t={}){return{schemaVersion:1,reasonCode:e,findings:[],refuted:[],ignores:[],notAnalysed:[],...t}}function Ln({code:e,reasonCode:t,problems:n,next:o,result:r},a,i){let s=b(E(i.env));a&&Qe(ze(t,{...r,message:n.join(`
`),...o===void 0?{}:{next:o}}),s,i);for(let c of n)i.printError(`error: ${s(S(c))}
`);return o!==void 0&&i.printError(`next: ${s(S(o))}
`),e}function Qe(e,t,n){n.print(Z(D(e,t)))}function Tn(e,t){return{...t===void 0?{}:{environment:t},digest:e.digest,migrations:e.migrations.map(n=>Ze(n))}}function Ze({migration:e,checksum:t}){let{id:n,name:o,up:r,down:a}=e;return{id:n,name:o,checksum:t,file:r.file.path,reversible:a?.pieces.some(({start:i,end:s})=>a.file.text.slice(i,s).trim()!=="")===!0}}function kn(e,t){let{failed:n,halt:o,error:r,next:a,undone:i,forced:s,...c}=e,m=(e.direction==="up"?t?.up:t?.down)?.section.file;return{...c,...o===void 0?{}:{reason:o},...r===void 0?{}:{error:r},...a===void 0?{}:{next:a},...i===void 0?{}:{undone:i},...s===void 0?{}:{forced:s},...n&&m?{file:m.path,line:m.position(n.step.span.start+et(n)).line}:{}}}function et({step:e,position:t}){return t===void 0?0:[...e.sql].slice(0,t-1).join("").length}function Nn(e){let t=tt(e);return t?{drift:t}:{}}function tt(e){if(!(e===void 0||e.status==="none"))return e.status==="unknown"?{status:"unknown",because:e.because}:{status:"found",since:e.since,differences:[...de(e.differences)]}}function Rn({all:e},{installed:t,tables:n,holder:o},r){return{...r===void 0?{}:{environment:r},...t?{systemSchema:n.schema}:{},...o?{lease:{command:o.command,executedBy:o.executedBy,host:o.host,processId:o.processId,acquiredAt:o.acquiredAt,expiresAt:o.expiresAt,alive:o.expired?"no":o.alive}}:{},migrations:e.map(({id:a,name:i,standing:s,outOfOrder:c,recorded:d})=>({id:a,name:i,standing:s,outOfOrder:c,...d&&s!=="pending"?{at:d.at}:{},...d&&(s==="running"||s==="failed")?{statementsDone:d.statementsDone,...d.statementsTotal===void 0?{}:{statementsTotal:d.statementsTotal},...d.statementsBegun===void 0?{}:{statementsBegun:d.statementsBegun}}:{},...d?.error!==void 0&&s==="failed"?{error:d.error}:{}}))}}function xn(e,t,n){return{...n===void 0?{}:{environment:n},serverVersion:t,checks:e.map(({name:o,status:r,message:a,details:i,next:s})=>({name:o,status:r,message:a,...i===void 0||i.length===0?{}:{details:[...i]},...s===void 0?{}:{next:s}}))}}function Sn(e){return new Map(e.map(t=>[t.id,t]))}function An({reasonCode:e,problems:t,next:n}){return{ok:!1,code:e==="history-disagrees"?g.disagrees:g.usage,reasonCode:e,problems:t,next:n}}export{ce as a,nt as b,it as c,st as d,me as e,pe as f,ut as g,mt as h,pt as i,ft as j,gt as k,yt as l,Ie as m,Ne as n,Nt as o,ye as p,Rt as q,_e as r,mn as s,pn as t,fn as u,Ke as v,xe as w,Je as x,ze as y,Ln as z,Qe as A,Tn as B,kn as C,Nn as D,tt as E,Rn as F,xn as G,Sn as H,An as I};
