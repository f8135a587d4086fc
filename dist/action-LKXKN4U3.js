import{c as ne}from"./action-DAMCUXPB.js";import{a as f,c as te}from"./action-TQRLHL6Z.js";import{a as y,d as oe,e as re,g as ae,h as ie,i as se,m as de}from"./action-7I4NKA2B.js";import{a as ee}from"./action-4FZRRP6S.js";import{a as K}from"./action-3OCRTH5D.js";import{a as Q}from"./action-LVBPEINP.js";import{d as C}from"./action-TVAW4KBB.js";import{a as B,b as q,c as G,g as Y,h as j,j as V,k as X}from"./action-G4WJ5UPO.js";import{b as H,j as W}from"./action-SYER6RSU.js";import{ib as M,pa as v,sa as P,va as $}from"./action-53NTG2VQ.js";import{a as z}from"./action-R4P7VMD5.js";import{b as Z}from"./action-25IQ5S6V.js";import{c as J}from"./action-O56NCSTA.js";import{a as k,b as N}from"./action-VQ7JVL7J.js";import{a as S,b as O}from"./action-6DHCYTVX.js";import{c as E,d as b,f as D}from"./action-VPWXC5LV.js";import{d as T,e as p}from"./action-4N7DZHY6.js";import{j as L,l as F}from"./action-SUD425Q4.js";import{a as I}from"./action-GBAVSWAN.js";var le=["id","migration_id","name","checksum","status","applied_at::text"],ce=["run_id","transactional","statements_total","statements_begun","statements_done","done_digest","backend_pid","backend_start","error"];async function ue(e,t){let[n]=await e.query(`SELECT pg_catalog.json_agg(CASE WHEN status IN ('applied', 'baselined')
       THEN pg_catalog.json_build_array(${le}) ELSE pg_catalog.json_build_array(${le}, ${ce}) END
       ORDER BY id) AS rows FROM (
       SELECT DISTINCT ON (migration_id) * FROM ${t.history} ORDER BY migration_id, id DESC
     ) newest`);return me(n)}function me(e){return JSON.parse(e?.rows??"[]").map(Oe)}function Oe([e,t,n,o,r,a,...i]){let[s="",c=!1,d=0,u=0,m=0,_,g,l,h]=i;return{row:e,id:t,name:n,checksum:o,status:Ae(r),at:a,runId:s,transactional:c,statementsTotal:d,statementsBegun:u,statementsDone:m,doneDigest:_??void 0,backend:typeof g=="number"?{pid:g,start:l??""}:void 0,error:h??void 0}}function Ae(e){switch(e){case"running":case"applied":case"rolled_back":case"baselined":case"superseded":return e;default:return"failed"}}async function rt(e,t,n,o){let[r]=await e.query(`SELECT pg_catalog.json_build_array(pg_catalog.json_build_array(
       id, migration_id, name, '', status, rolled_back_at::text, ${ce})) AS rows
     FROM (
       SELECT * FROM ${t.rollbacks} WHERE migration_id = $1 AND history_id = $2 ORDER BY id DESC LIMIT 1
     ) newest WHERE status NOT IN ('rolled_back', 'forced')`,[n,o]);return me(r)[0]}function dt(e,t){let n=new Map(t.map(l=>[l.id,l])),o=new Map(e.map(l=>[l.migration.id,l])),r=e.findLast(({migration:l})=>!l.repeatable&&pe(n.get(l.id)))?.migration.sortKey,a=e.map(l=>Ue(l,n.get(l.migration.id),r)),i=t.filter(l=>!o.has(l.id)&&(pe(l)||l.status==="running")).map(l=>({id:l.id,name:l.name,standing:l.status==="running"?"running":"missing",outOfOrder:!1,recorded:l})),s=a.filter(we);if(s.length===0)return{all:[...i,...a],pending:[],unknownDependencies:[],cycles:[]};let c=new Set(s.map(({sealed:l})=>l?.migration)),{order:d,unknown:u,cycles:m}=M(e.map(({migration:l})=>l),l=>c.has(l)),_=new Map(d.map((l,h)=>[l,h])),g=({sealed:l})=>(l&&_.get(l.migration))??0;return{all:[...i,...a],pending:s.sort((l,h)=>g(l)-g(h)),unknownDependencies:u,cycles:m}}function lt({standing:e,outOfOrder:t}){return e==="edited"||e==="missing"||t}function pe(e){return e?.status==="applied"||e?.status==="baselined"}function we({standing:e,recorded:t}){return e==="pending"||e==="failed"||e==="running"&&t!==void 0}function Ue(e,t,n){let{migration:o,checksum:r}=e,a=Ce(o,r,t);return{id:o.id,name:o.name,standing:a,outOfOrder:!o.repeatable&&(a==="pending"||a==="failed")&&n!==void 0&&v(o.sortKey,n)<0,sealed:e,recorded:t}}function Ce(e,t,n){switch(n?.status){case void 0:case"rolled_back":case"superseded":return"pending";case"failed":case"running":return n.status;case"baselined":case"applied":return n.checksum===t?n.status:e.repeatable?"pending":"edited"}}var R="migration_lock",De={first:50,longest:500};async function ge(e){let[t]=await e.query(`SELECT pid, pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text AS start
       FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()`);return{pid:Number(t?.pid),start:t?.start??""}}var fe=`SELECT FROM pg_catalog.generate_subscripts(held.backend_pids, 1) AS at
  JOIN pg_catalog.pg_stat_activity activity ON activity.pid = held.backend_pids[at]
    AND (activity.backend_start IS NULL OR
      pg_catalog.date_part('epoch', activity.backend_start)::pg_catalog.numeric::pg_catalog.text = held.backend_starts[at])`;async function A(e,t){let[n]=await e.query(`SELECT token, run_id, command, executed_by, host, process_id, acquired_at, expires_at,
       expires_at <= pg_catalog.clock_timestamp() AS expired,
       pg_catalog.array_to_json(backend_pids) AS pids, pg_catalog.array_to_json(backend_starts) AS starts,
       CASE WHEN backend_pids IS NULL THEN 'unknown' WHEN EXISTS (${fe}) THEN 'yes' ELSE 'no' END AS alive
     FROM ${t.locks} held WHERE lock_name = ${y(R)}`);return n&&Ie(n)}function Ie(e){let t=a=>e[a]??"",n=JSON.parse(e.pids??"[]"),o=JSON.parse(e.starts??"[]"),r=t("alive");return{token:t("token"),runId:t("run_id"),command:t("command"),executedBy:t("executed_by"),host:t("host"),processId:Number(e.process_id),acquiredAt:t("acquired_at"),expiresAt:t("expires_at"),expired:e.expired==="t",backends:n.map((a,i)=>({pid:a,start:o[i]??""})),alive:r==="yes"||r==="no"?r:"unknown"}}async function pt(e,t,n){let o=performance.now()+n.patience;for(let r=1;;r++){if(n.signal.aborted)return{ok:!1,because:"interrupted"};let a=await A(e,t),i=a===void 0||a.expired||a.alive==="no",s=i?await ve(e,t,n):void 0;if(s!==void 0)return{ok:!0,token:s,before:a};let c=o-performance.now();if(c<=0)return{ok:!1,because:"held",holder:a};a&&!i&&n.waiting?.(a),await re(Math.min(c,oe(r,De,Math.random())),n.signal)}}async function ve(e,t,{who:n,backends:o,ttl:r}){let a=o?`ARRAY[${o.map(({pid:c})=>c).join(", ")}]::int4[]`:"NULL",i=o?`${y(o.map(({start:c})=>c))}::text[]`:"NULL",[s]=await e.query(`INSERT INTO ${t.locks} AS held
       (lock_name, run_id, command, executed_by, host, process_id, backend_pids, backend_starts, expires_at)
     VALUES (${[R,n.runId,n.command,n.executedBy,n.host,n.processId].map(y).join(", ")},
       ${a}, ${i}, ${ye(r)})
     ON CONFLICT (lock_name) DO UPDATE SET token = DEFAULT, run_id = EXCLUDED.run_id, command = EXCLUDED.command,
       executed_by = EXCLUDED.executed_by, host = EXCLUDED.host, process_id = EXCLUDED.process_id,
       backend_pids = EXCLUDED.backend_pids, backend_starts = EXCLUDED.backend_starts,
       acquired_at = EXCLUDED.acquired_at, expires_at = EXCLUDED.expires_at
     WHERE held.expires_at <= pg_catalog.clock_timestamp()
       OR (held.backend_pids IS NOT NULL AND NOT EXISTS (${fe}))
     RETURNING token`);return s?.token??void 0}async function gt(e,t,n,o){return(await e.query(`UPDATE ${t.locks} SET expires_at = ${ye(o)} WHERE ${w(n)} RETURNING token`)).length>0}async function ft(e,t,n,o){await e.query(`UPDATE ${t.locks} SET backend_pids = ARRAY[${o.map(({pid:r})=>r).join(", ")}]::int4[],
       backend_starts = ${y(o.map(({start:r})=>r))}::text[] WHERE ${w(n)}`)}async function yt(e,t,n){await e.query(`DELETE FROM ${t.locks} WHERE ${w(n)}`)}function _t(e,t){return`(SELECT token FROM ${e.locks} WHERE lock_name = ${y(R)}) = ${y(t)}::pg_catalog.int8`}function w(e){return`lock_name = ${y(R)} AND token = ${y(e)}::pg_catalog.int8`}function ye(e){return`pg_catalog.clock_timestamp() + ${Math.round(e)} * interval '1 millisecond'`}async function ht(e,t){let n=[];for(let o of t){let[r]=await e.query(`SELECT state FROM pg_catalog.pg_stat_activity WHERE pid = ${o.pid} AND pid <> pg_catalog.pg_backend_pid()
         AND (backend_start IS NULL OR
           pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text = ${y(o.start)})`);r!==void 0&&(r.state?.startsWith("idle")&&await Pe(e,o.pid)||n.push(o))}return n}async function Pe(e,t){return(await e.query(`SELECT pg_catalog.pg_terminate_backend(pid) AS ended FROM pg_catalog.pg_stat_activity
      WHERE pid = ${t} AND pg_catalog.pg_has_role(usesysid, 'MEMBER')`))[0]?.ended==="t"}import{createHash as $e}from"node:crypto";async function xt(e,t,n){await q("postgres");let{migration:o}=e,r=a=>Me(a,t,n);return{...e,up:r(o.up),...o.down?{down:r(o.down)}:{},...o.verify?{verify:r(o.verify)}:{}}}function _e(e){return{migration:e,checksum:K(e.up.file.text)}}function Me(e,t,n){let o=G(e,{dialect:"postgres",placeholders:n.placeholders}),r=B(e,o,t,{...n,runner:"airlock"}),{written:a}=W(e.file.text,e.pieces,n.placeholders);return{section:e,run:{steps:z(o,a),transaction:r.transaction,lockTimeout:r.lockTimeout??n.lockTimeout,statementTimeout:r.statementTimeout??n.statementTimeout,idleTimeout:n.idleTimeout,pooled:n.pooled},blocked:He(o)}}function He(e){return e.notAnalysed.filter(({span:t})=>!e.statements.some(n=>n.span.start<=t.start&&t.end<=n.span.end))}function St(e){return $e("sha256").update(JSON.stringify(e.map(({sql:t})=>t)),"utf8").digest("hex")}async function he(e,t,n){let o=await V({root:e,configuration:t,env:n});if(!o.ok)return o;let[r,a]=o.directories;if(r===void 0||a!==void 0)return{ok:!1,reasonCode:"usage",message:`there are several migrations folders (${o.directories.map(g=>g||".").join(", ")}), and a database has one.`,next:`name it: --directory ${r||"."}, or directory: in migration.config.yml`};let i=X({root:e,directory:r,excluded:await j(t.exclude)});if(!i.ok)return i;let s=t.layout===void 0?void 0:$.get(t.layout),c=s?void 0:await Y(i.folder,e,n);if(c&&c.status!=="found")return{ok:!1,reasonCode:c.status==="unknown"?"layout-unknown":"layout-ambiguous",message:`the layout of ${r||"the repository root"} is not known.`,next:"name it: --layout <layout>, or layout: in migration.config.yml"};let d=s??c?.layout;if(!d)throw new Error("a layout was named or detected");if(F(t,d.id)==="native")return{ok:!1,reasonCode:"runner-native",message:`the files of ${r||"the repository root"} are in the layout of ${d.title}, whose own tool runs them.`,next:"to have Airlock run them: --runner airlock, or runner: airlock in migration.config.yml"};let u=d.read(i.folder,t.layouts),m=[...u.unread,...i.unread].find(g=>g.broken)??i.unread.find(({file:g,reason:l})=>g.endsWith(".sql")||l.startsWith("cannot be listed"));if(m)return{ok:!1,reasonCode:"file-unreadable",message:`${m.file}:${m.line} ${m.reason}.`,next:"correct the file, or leave it out: exclude: in migration.config.yml"};let[_]=P(u.migrations);return _?{ok:!1,reasonCode:"usage",message:`${_.file.path}: ${_.message}.`,next:"airlock validate"}:{ok:!0,layout:d,directory:r,migrations:u.migrations.map(_e),read:{directory:r,folder:i.folder,reading:u,unread:i.unread}}}import{randomUUID as Ge}from"node:crypto";import{hostname as Ye,userInfo as je}from"node:os";function Ee(e,t,n){return n===void 0?Be(e,t):Fe(e,t,n)}function Fe(e,t,n){let{environments:o}=e,r=o.get(n),a=T(n,"DATABASE_URL");if(!r&&(o.size>0||p(t,a)===void 0)){let u=I(n,o.keys()),m=[...o.keys()].join(", ");return{ok:!1,reasonCode:"environment-unknown",problem:`there is no environment ${JSON.stringify(n)}${u===void 0?"":`; did you mean ${u}?`}`,next:m===""?`name it under environments: in migration.config.yml, or set ${a}`:`name one of ${m}, or add it under environments: in migration.config.yml`}}let i=r??Le(e),s=p(t,a)===void 0?"DATABASE_URL":a,c=p(t,s)??Te(t);if(c===void 0)return ke(a);let d=[...o.keys()].find(u=>u!==n&&p(t,T(u,"DATABASE_URL"))===c);return s==="DATABASE_URL"&&d!==void 0?{ok:!1,reasonCode:"database-missing",problem:`${n} was named, and DATABASE_URL is the address of ${d}.`,next:`set ${a}, or name ${d}: --env ${d}`}:{ok:!0,target:be({environment:n,url:c,from:s,policy:i},t)}}function Be(e,t){let n=p(t,"DATABASE_URL")??Te(t);if(n===void 0)return ke("DATABASE_URL");let o=[...e.environments].filter(([s])=>p(t,T(s,"DATABASE_URL"))===n),[r]=o,a=r&&o.length===1?r[1]:Le(e),i=o.length===1?r?.[0]:void 0;return{ok:!0,target:be({environment:i,url:n,from:"DATABASE_URL",policy:a},t)}}function be(e,t){let{environment:n,url:o,from:r,policy:a}=e,i=n!==void 0||a.directUrl!==""?a.directUrl:"DIRECT_URL";return{environment:n,url:o,variable:r,directUrl:p(t,i),directVariable:i,policy:a}}function Le({environments:e,approvers:t,healthCheck:n,requireApproval:o}){let r=[...e.values()],a=r.flatMap(({maxDuration:s})=>s===void 0?[]:[s]),i=[...r].sort((s,c)=>c.requireApproval-s.requireApproval)[0];return{skipBackup:r.length>0?r.every(({skipBackup:s})=>s):L.skipBackup,skipValidation:r.length>0?r.every(({skipValidation:s})=>s):L.skipValidation,autoRollback:L.autoRollback,maxDuration:a.length>0?Math.min(...a):void 0,requireApproval:Math.max(o,...r.map(s=>s.requireApproval)),directUrl:"DIRECT_URL",healthCheck:n,approvers:i?.approvers??t}}function Te(e){let[t,n]=[p(e,"PGHOST"),p(e,"PGDATABASE")];if(t===void 0&&n===void 0)return;let o=new URL("postgres://localhost");o.username=encodeURIComponent(p(e,"PGUSER")??""),o.password=encodeURIComponent(e.PGPASSWORD??""),t?.startsWith("/")?o.searchParams.set("host",t):t!==void 0&&(o.hostname=t),o.port=p(e,"PGPORT")??"",o.pathname=`/${encodeURIComponent(n??p(e,"PGUSER")??"")}`;for(let[r,a]of[["PGSSLMODE","sslmode"],["PGSSLROOTCERT","sslrootcert"],["PGSSLCERT","sslcert"],["PGSSLKEY","sslkey"]]){let i=p(e,r);i!==void 0&&o.searchParams.set(a,i)}return o.href}function ke(e){return{ok:!1,reasonCode:"database-missing",problem:`nothing says which database is meant: ${e} is not set.`,next:`set ${e}=postgres://user:password@host:port/database, in the environment or in .env`}}var We=0;function Ne(e,t){if(!t.enabled)return e;let n=++We;t("session opened",{session:n,process:e.processId,server:e.server.text});let o=async(r,a,i)=>{let s=performance.now(),c=()=>Math.round((performance.now()-s)*100)/100;try{let d=await a();return t("sql",{session:n,sql:r,ms:c(),...i(d)}),d}catch(d){throw d instanceof k?t("sql refused",{session:n,sql:r,ms:c(),code:d.fields.code,error:d.message}):d instanceof N&&t("session lost",{session:n,sql:r,ms:c(),because:d.because,error:d.message}),d}};return{get server(){return e.server},get processId(){return e.processId},get idle(){return e.idle},run:r=>o(r,()=>e.run(r),({command:a,count:i})=>({command:a,...i===void 0?{}:{count:i}})),query:(r,a)=>o(r,()=>e.query(r,a),i=>({rows:i.length})),async close(){await e.close(),t("session closed",{session:n})}}}var Re=[{path:"001_system_tables.sql",text:`-- @metadata {
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
`}];var qe=/^(?:|localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/i;function xe(e,t){let n=URL.canParse(e)?new URL(e):void 0;if(!n||n.searchParams.has("sslmode")||n.searchParams.has("ssl"))return e;let o=n.searchParams.get("host")??n.hostname;return o.startsWith("/")||qe.test(o)?e:(n.searchParams.set("sslmode",t??"verify-full"),n.href)}async function gn(e,{env:t,json:n,...o},r){let a=await ne(r,{...o});if(!a.ok)return U("configuration-invalid",a.problems,te);let{configuration:i,env:s}=a,c=Ee(i,s,t);if(!c.ok)return U(c.reasonCode,[c.problem],c.next);let{root:d,git:u}=a.repository,[m,_]=await Promise.all([he(a.root,i,s),u?J({root:d,env:r.env}):void 0]);if(!m.ok)return U(m.reasonCode,[m.message],m.next);let{target:g}=c,l=xe(g.directUrl??g.url,p(s,"PGSSLMODE")),h=b(E(s)),x=ee(r.log,h);return x("files read",{directory:m.directory,layout:m.layout.id,migrations:m.migrations.length,environment:g.environment,address:g.variable}),{ok:!0,project:a,target:g,files:m,open:async()=>Ne(await Q({url:l},{longestRequest:2**31-1}),x),who:Xe(e,s,_),redact:h,log:x}}function fn({target:e}){let{hostname:t,pathname:n}=new URL(e.directUrl??e.url),o=n.slice(1),a=[o===""?[]:[`database ${O(Ve(o))}`],t===""?[]:[`at ${t}`]].flat().join(" ");return`${O(e.environment??e.variable)}${a===""?"":`: ${a}`}`}function Ve(e){return/^(?:[^%]|%[0-9a-f]{2})*$/i.test(e)?decodeURIComponent(e):e}function Xe(e,t,n){return{runId:Ge(),command:e,executedBy:p(t,"GITHUB_ACTOR")??Ke(),host:Ye(),processId:process.pid,toolVersion:H,gitSha:n??p(t,"GITHUB_SHA"),pullRequest:/^refs\/pull\/(\d+)\//.exec(p(t,"GITHUB_REF")??"")?.[1]}}function Ke(){try{return je().username}catch(e){if(e instanceof Error&&"code"in e)return"unknown";throw e}}function U(e,t,n){return{ok:!1,code:f.usage,reasonCode:e,problems:t,next:n}}async function yn(e){return ze(e,async()=>{let t=await e.open(),n=await Je(t,e);return n.ok||await t.close(),n})}async function Je(e,t){let n=await ie(e,t.project.configuration.systemSchema);if(n===void 0)return Se({ok:!1,because:"no-schema"},t);let o=ae(n),r=await se(e,o),a=Re.length;if(r>a)return Se({ok:!1,because:"newer-schema",installed:r,known:a},t);let i=(await ge(e)).pid!==e.processId,s={ok:!0,connection:e,tables:o,pooled:i};return r===0?{...s,installed:!1,history:[],holder:void 0}:{...s,installed:!0,history:await ue(e,o),holder:await A(e,o)}}async function ze({target:e},t){try{return await t()}catch(n){if(n instanceof N)return{ok:!1,code:f.unreachable,reasonCode:"database-unreachable",problems:[n.message],next:`look at ${e.variable}, and whether the server is up`};if(n instanceof k)return{ok:!1,code:f.unreachable,reasonCode:"database-refused",problems:[`the database refused: ${n.fields.message} (${n.fields.code})`],next:`look at ${e.variable}: user, password and the name of the database`};throw n}}function Se(e,{target:t}){switch(e.because){case"held":return{ok:!1,code:f.leaseHeld,reasonCode:"lease-held",problems:[`${e.holder?Qe(e.holder):"another command"} holds the lease.`],next:"wait for it, or airlock unlock to see who it is"};case"interrupted":return{ok:!1,code:f.interrupted,reasonCode:"interrupted",problems:["interrupted before anything was run."]};case"no-schema":return{ok:!1,code:f.usage,reasonCode:"system-schema-missing",problems:["the search path of this user names no schema that exists, so there is no place for the system tables."],next:"systemSchema: public in migration.config.yml"};case"newer-schema":return{ok:!1,code:f.usage,reasonCode:"system-schema-newer",problems:[`the system tables are of version ${e.installed}, and this program knows version ${e.known}: a newer one was here.`],next:"upgrade pg-airlock"};case"not-installed":return{ok:!1,code:f.unreachable,reasonCode:"database-refused",problems:[`the system tables could not be installed: ${e.error}`],next:`give the user of ${t.variable} the right to create tables in that schema, or set systemSchema: in migration.config.yml`}}}function Qe({command:e,executedBy:t,host:n,processId:o,acquiredAt:r}){return`airlock ${e} of ${t} on ${n} (process ${o}), since ${C(r)},`}function Ze(e,t={}){return{schemaVersion:1,reasonCode:e,findings:[],refuted:[],ignores:[],notAnalysed:[],...t}}function kn({code:e,reasonCode:t,problems:n,next:o,result:r},a,i){let s=b(E(i.env));a&&et(Ze(t,{...r,message:n.join(`
`),...o===void 0?{}:{next:o}}),s,i);for(let c of n)i.printError(`error: ${s(S(c))}
`);return o!==void 0&&i.printError(`next: ${s(S(o))}
`),e}function et(e,t,n){n.print(Z(D(e,t)))}function Nn(e,t){return{...t===void 0?{}:{environment:t},digest:e.digest,migrations:e.migrations.map(n=>tt(n))}}function tt({migration:e,checksum:t}){let{id:n,name:o,up:r,down:a}=e;return{id:n,name:o,checksum:t,file:r.file.path,reversible:a?.pieces.some(({start:i,end:s})=>a.file.text.slice(i,s).trim()!=="")===!0}}function Rn(e,t){let{failed:n,halt:o,error:r,next:a,undone:i,forced:s,...c}=e,u=(e.direction==="up"?t?.up:t?.down)?.section.file;return{...c,...o===void 0?{}:{reason:o},...r===void 0?{}:{error:r},...a===void 0?{}:{next:a},...i===void 0?{}:{undone:i},...s===void 0?{}:{forced:s},...n&&u?{file:u.path,line:u.position(n.step.span.start+nt(n)).line}:{}}}function nt({step:e,position:t}){return t===void 0?0:[...e.sql].slice(0,t-1).join("").length}function xn(e){let t=ot(e);return t?{drift:t}:{}}function ot(e){if(!(e===void 0||e.status==="none"))return e.status==="unknown"?{status:"unknown",because:e.because}:{status:"found",since:e.since,differences:[...de(e.differences)]}}function Sn({all:e},{installed:t,tables:n,holder:o},r){return{...r===void 0?{}:{environment:r},...t?{systemSchema:n.schema}:{},...o?{lease:{command:o.command,executedBy:o.executedBy,host:o.host,processId:o.processId,acquiredAt:o.acquiredAt,expiresAt:o.expiresAt,alive:o.expired?"no":o.alive}}:{},migrations:e.map(({id:a,name:i,standing:s,outOfOrder:c,recorded:d})=>({id:a,name:i,standing:s,outOfOrder:c,...d&&s!=="pending"?{at:d.at}:{},...d&&(s==="running"||s==="failed")?{statementsDone:d.statementsDone,...d.statementsTotal===void 0?{}:{statementsTotal:d.statementsTotal},...d.statementsBegun===void 0?{}:{statementsBegun:d.statementsBegun}}:{},...d?.error!==void 0&&s==="failed"?{error:d.error}:{}}))}}function On(e,t,n){return{...n===void 0?{}:{environment:n},serverVersion:t,checks:e.map(({name:o,status:r,message:a,details:i,next:s})=>({name:o,status:r,message:a,...i===void 0||i.length===0?{}:{details:[...i]},...s===void 0?{}:{next:s}}))}}function An(e){return new Map(e.map(t=>[t.id,t]))}function wn({reasonCode:e,problems:t,next:n}){return{ok:!1,code:e==="history-disagrees"?f.disagrees:f.usage,reasonCode:e,problems:t,next:n}}export{ue as a,rt as b,dt as c,lt as d,pe as e,ge as f,pt as g,gt as h,ft as i,yt as j,_t as k,ht as l,Pe as m,Re as n,xt as o,_e as p,St as q,he as r,gn as s,fn as t,yn as u,ze as v,Se as w,Qe as x,Ze as y,kn as z,et as A,Nn as B,Rn as C,xn as D,ot as E,Sn as F,On as G,An as H,wn as I};
