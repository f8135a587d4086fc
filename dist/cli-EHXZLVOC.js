import{d as G,e as Z,f as ee,g as te,i as oe,j as re,l as ae,m as ie}from"./cli-XPDLFI5J.js";import{a as y,c as P}from"./cli-JZRHV32T.js";import{a as h,d as Y,e as V,g as K,h as J,i as z,m as le}from"./cli-WHOOAMCI.js";import{g as Q,j as se}from"./cli-ZMTEVFCG.js";import{g as L}from"./cli-XUV5OOXP.js";import{e as H,h as B,ib as q,k as W}from"./cli-UDTRB46Q.js";import{a as ne}from"./cli-QPCRCAU7.js";import{a as j}from"./cli-HEV4WZLM.js";import{a as X}from"./cli-BWRIOGG4.js";import{c as de}from"./cli-OBPFRHXY.js";import{b as ce}from"./cli-OIRRAXSY.js";import{c as k,d as N,f as v}from"./cli-T3YXLC4Q.js";import{a as I}from"./cli-XOHAF3DV.js";import{a as b,b as u}from"./cli-GNSMLS6N.js";import{d as x,e as g}from"./cli-DBCV63QE.js";import{j as R,l as M}from"./cli-5DVCSVP7.js";import{a as F}from"./cli-UDKMNKPY.js";import{a as S,b as w}from"./cli-QVIXIGF3.js";var ue=["id","migration_id","name","checksum","status","applied_at::text"],me=["run_id","transactional","statements_total","statements_begun","statements_done","done_digest","backend_pid","backend_start","error"];async function pe(e,t){let[n]=await e.query(`SELECT pg_catalog.json_agg(CASE WHEN status IN ('applied', 'baselined')
       THEN pg_catalog.json_build_array(${ue}) ELSE pg_catalog.json_build_array(${ue}, ${me}) END
       ORDER BY id) AS rows FROM (
       SELECT DISTINCT ON (migration_id) * FROM ${t.history} ORDER BY migration_id, id DESC
     ) newest`);return ge(n)}function ge(e){return JSON.parse(e?.rows??"[]").map($e)}function $e([e,t,n,o,r,a,...i]){let[s="",d=!1,l=0,m=0,p=0,_,f,c,E]=i;return{row:e,id:t,name:n,checksum:o,status:Ue(r),at:a,runId:s,transactional:d,statementsTotal:l,statementsBegun:m,statementsDone:p,doneDigest:_??void 0,backend:typeof f=="number"?{pid:f,start:c??""}:void 0,error:E??void 0}}function Ue(e){switch(e){case"running":case"applied":case"rolled_back":case"baselined":case"superseded":return e;default:return"failed"}}async function ut(e,t,n,o){let[r]=await e.query(`SELECT pg_catalog.json_build_array(pg_catalog.json_build_array(
       id, migration_id, name, '', status, rolled_back_at::text, ${me})) AS rows
     FROM (
       SELECT * FROM ${t.rollbacks} WHERE migration_id = $1 AND history_id = $2 ORDER BY id DESC LIMIT 1
     ) newest WHERE status NOT IN ('rolled_back', 'forced')`,[n,o]);return ge(r)[0]}function ft(e,t){let n=new Map(t.map(c=>[c.id,c])),o=new Map(e.map(c=>[c.migration.id,c])),r=e.findLast(({migration:c})=>!c.repeatable&&fe(n.get(c.id)))?.migration.sortKey,a=e.map(c=>De(c,n.get(c.migration.id),r)),i=t.filter(c=>!o.has(c.id)&&(fe(c)||c.status==="running")).map(c=>({id:c.id,name:c.name,standing:c.status==="running"?"running":"missing",outOfOrder:!1,recorded:c})),s=a.filter(Ce);if(s.length===0)return{all:[...i,...a],pending:[],unknownDependencies:[],cycles:[]};let d=new Set(s.map(({sealed:c})=>c?.migration)),{order:l,unknown:m,cycles:p}=q(e.map(({migration:c})=>c),c=>d.has(c)),_=new Map(l.map((c,E)=>[c,E])),f=({sealed:c})=>(c&&_.get(c.migration))??0;return{all:[...i,...a],pending:s.sort((c,E)=>f(c)-f(E)),unknownDependencies:m,cycles:p}}function yt({standing:e,outOfOrder:t}){return e==="edited"||e==="missing"||t}function fe(e){return e?.status==="applied"||e?.status==="baselined"}function Ce({standing:e,recorded:t}){return e==="pending"||e==="failed"||e==="running"&&t!==void 0}function De(e,t,n){let{migration:o,checksum:r}=e,a=ve(o,r,t);return{id:o.id,name:o.name,standing:a,outOfOrder:!o.repeatable&&(a==="pending"||a==="failed")&&n!==void 0&&H(o.sortKey,n)<0,sealed:e,recorded:t}}function ve(e,t,n){switch(n?.status){case void 0:case"rolled_back":case"superseded":return"pending";case"failed":case"running":return n.status;case"baselined":case"applied":return n.checksum===t?n.status:e.repeatable?"pending":"edited"}}var O="migration_lock",Ie={first:50,longest:500};async function ye(e){let[t]=await e.query(`SELECT pid, pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text AS start
       FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()`);return{pid:Number(t?.pid),start:t?.start??""}}var he=`SELECT FROM pg_catalog.generate_subscripts(held.backend_pids, 1) AS at
  JOIN pg_catalog.pg_stat_activity activity ON activity.pid = held.backend_pids[at]
    AND (activity.backend_start IS NULL OR
      pg_catalog.date_part('epoch', activity.backend_start)::pg_catalog.numeric::pg_catalog.text = held.backend_starts[at])`;async function U(e,t){let[n]=await e.query(`SELECT token, run_id, command, executed_by, host, process_id, acquired_at, expires_at,
       expires_at <= pg_catalog.clock_timestamp() AS expired,
       pg_catalog.array_to_json(backend_pids) AS pids, pg_catalog.array_to_json(backend_starts) AS starts,
       CASE WHEN backend_pids IS NULL THEN 'unknown' WHEN EXISTS (${he}) THEN 'yes' ELSE 'no' END AS alive
     FROM ${t.locks} held WHERE lock_name = ${h(O)}`);return n&&Pe(n)}function Pe(e){let t=a=>e[a]??"",n=JSON.parse(e.pids??"[]"),o=JSON.parse(e.starts??"[]"),r=t("alive");return{token:t("token"),runId:t("run_id"),command:t("command"),executedBy:t("executed_by"),host:t("host"),processId:Number(e.process_id),acquiredAt:t("acquired_at"),expiresAt:t("expires_at"),expired:e.expired==="t",backends:n.map((a,i)=>({pid:a,start:o[i]??""})),alive:r==="yes"||r==="no"?r:"unknown"}}async function bt(e,t,n){let o=performance.now()+n.patience;for(let r=1;;r++){if(n.signal.aborted)return{ok:!1,because:"interrupted"};let a=await U(e,t),i=a===void 0||a.expired||a.alive==="no",s=i?await Me(e,t,n):void 0;if(s!==void 0)return{ok:!0,token:s,before:a};let d=o-performance.now();if(d<=0)return{ok:!1,because:"held",holder:a};a&&!i&&n.waiting?.(a),await V(Math.min(d,Y(r,Ie,Math.random())),n.signal)}}async function Me(e,t,{who:n,backends:o,ttl:r}){let a=o?`ARRAY[${o.map(({pid:d})=>d).join(", ")}]::int4[]`:"NULL",i=o?`${h(o.map(({start:d})=>d))}::text[]`:"NULL",[s]=await e.query(`INSERT INTO ${t.locks} AS held
       (lock_name, run_id, command, executed_by, host, process_id, backend_pids, backend_starts, expires_at)
     VALUES (${[O,n.runId,n.command,n.executedBy,n.host,n.processId].map(h).join(", ")},
       ${a}, ${i}, ${_e(r)})
     ON CONFLICT (lock_name) DO UPDATE SET token = DEFAULT, run_id = EXCLUDED.run_id, command = EXCLUDED.command,
       executed_by = EXCLUDED.executed_by, host = EXCLUDED.host, process_id = EXCLUDED.process_id,
       backend_pids = EXCLUDED.backend_pids, backend_starts = EXCLUDED.backend_starts,
       acquired_at = EXCLUDED.acquired_at, expires_at = EXCLUDED.expires_at
     WHERE held.expires_at <= pg_catalog.clock_timestamp()
       OR (held.backend_pids IS NOT NULL AND NOT EXISTS (${he}))
     RETURNING token`);return s?.token??void 0}async function Lt(e,t,n,o){return(await e.query(`UPDATE ${t.locks} SET expires_at = ${_e(o)} WHERE ${C(n)} RETURNING token`)).length>0}async function Tt(e,t,n,o){await e.query(`UPDATE ${t.locks} SET backend_pids = ARRAY[${o.map(({pid:r})=>r).join(", ")}]::int4[],
       backend_starts = ${h(o.map(({start:r})=>r))}::text[] WHERE ${C(n)}`)}async function kt(e,t,n){await e.query(`DELETE FROM ${t.locks} WHERE ${C(n)}`)}function Nt(e,t){return`(SELECT token FROM ${e.locks} WHERE lock_name = ${h(O)}) = ${h(t)}::pg_catalog.int8`}function C(e){return`lock_name = ${h(O)} AND token = ${h(e)}::pg_catalog.int8`}function _e(e){return`pg_catalog.clock_timestamp() + ${Math.round(e)} * interval '1 millisecond'`}async function Rt(e,t){let n=[];for(let o of t){let[r]=await e.query(`SELECT state FROM pg_catalog.pg_stat_activity WHERE pid = ${o.pid} AND pid <> pg_catalog.pg_backend_pid()
         AND (backend_start IS NULL OR
           pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text = ${h(o.start)})`);r!==void 0&&(r.state?.startsWith("idle")&&await Fe(e,o.pid)||n.push(o))}return n}async function Fe(e,t){return(await e.query(`SELECT pg_catalog.pg_terminate_backend(pid) AS ended FROM pg_catalog.pg_stat_activity
      WHERE pid = ${t} AND pg_catalog.pg_has_role(usesysid, 'MEMBER')`))[0]?.ended==="t"}import{createHash as He}from"node:crypto";async function Ct(e,t,n){await ee("postgres");let{migration:o}=e,r=a=>Be(a,t,n);return{...e,up:r(o.up),...o.down?{down:r(o.down)}:{},...o.verify?{verify:r(o.verify)}:{}}}function Ee(e){return{migration:e,checksum:j(e.up.file.text)}}function Be(e,t,n){let o=te(e,{dialect:"postgres",placeholders:n.placeholders}),r=Z(e,o,t,{...n,runner:"airlock"}),{written:a}=Q(e.file.text,e.pieces,n.placeholders);return{section:e,run:{steps:ne(o,a),transaction:r.transaction,lockTimeout:r.lockTimeout??n.lockTimeout,statementTimeout:r.statementTimeout??n.statementTimeout,idleTimeout:n.idleTimeout,pooled:n.pooled},blocked:We(o)}}function We(e){return e.notAnalysed.filter(({span:t})=>!e.statements.some(n=>n.span.start<=t.start&&t.end<=n.span.end))}function Dt(e){return He("sha256").update(JSON.stringify(e.map(({sql:t})=>t)),"utf8").digest("hex")}async function be(e,t,n){let o=await ae({root:e,configuration:t,env:n});if(!o.ok)return o;let[r,a]=o.directories;if(r===void 0||a!==void 0)return{ok:!1,reasonCode:"usage",message:`there are several migrations folders (${o.directories.map(f=>f||".").join(", ")}), and a database has one.`,next:`name it: --directory ${r||"."}, or directory: in migration.config.yml`};let i=ie({root:e,directory:r,excluded:await re(t.exclude)});if(!i.ok)return i;let s=t.layout===void 0?void 0:W.get(t.layout),d=s?void 0:await oe(i.folder,e,n);if(d&&d.status!=="found")return{ok:!1,reasonCode:d.status==="unknown"?"layout-unknown":"layout-ambiguous",message:`the layout of ${r||"the repository root"} is not known.`,next:"name it: --layout <layout>, or layout: in migration.config.yml"};let l=s??d?.layout;if(!l)throw new Error("a layout was named or detected");if(M(t,l.id)==="native")return{ok:!1,reasonCode:"runner-native",message:`the files of ${r||"the repository root"} are in the layout of ${l.title}, whose own tool runs them.`,next:"to have Airlock run them: --runner airlock, or runner: airlock in migration.config.yml"};let m=l.read(i.folder,t.layouts),p=[...m.unread,...i.unread].find(f=>f.broken)??i.unread.find(({file:f,reason:c})=>f.endsWith(".sql")||c.startsWith("cannot be listed"));if(p)return{ok:!1,reasonCode:"file-unreadable",message:`${p.file}:${p.line} ${p.reason}.`,next:"correct the file, or leave it out: exclude: in migration.config.yml"};let[_]=B(m.migrations);return _?{ok:!1,reasonCode:"usage",message:`${_.file.path}: ${_.message}.`,next:"airlock validate"}:{ok:!0,layout:l,directory:r,migrations:m.migrations.map(Ee),read:{directory:r,folder:i.folder,reading:m,unread:i.unread}}}function Vt(e){let t=`${e.direction==="up"?"\u2191":"\u2193"} ${u(e.migrationId)} ${u(e.name)}`,n=e.lockWaitMs>0?`, ${A(e.lockWaitMs)} of it waiting for locks`:"";switch(e.status){case"applied":return`${t}  applied in ${A(e.durationMs)}${n}
`;case"rolled-back":return e.forced?`${t}  RECORDED as rolled back; nothing was run
`:`${t}  rolled back in ${A(e.durationMs)}${n}
`;case"unknown":return`${t}  NOT KNOWN: ${b(e.error??"")}
`;case"failed":{let o=e.file===void 0?"":`${u(e.file)}:${e.line} `,r=e.undone?"nothing of it is left in the database":`${e.statements} of ${e.of} statements were done`;return`${t}  FAILED after ${A(e.durationMs)}${n}: ${r}
  ${o}${qe(b(e.error??""))}
`}}}function Xt(e){if(e.status==="unknown")return`warning: whether anything was changed by hand since the last run cannot be told: ${b(e.because??"")}
`;let{differences:t=[],since:n=""}=e,[o,r]=t.length===1?["thing is","it"]:["things are","them"];return`warning: ${t.length} ${o} not as the last run left ${r} (${u(T(n))}); this run goes on with ${r}:
${t.map(a=>`  ${u(a)}
`).join("")}`}function qe(e){return e.replaceAll(`
`,`
  `)}function A(e){if(e<1e3)return`${Math.round(e)} ms`;if(e<6e4)return`${(e/1e3).toFixed(1)} s`;let t=Math.round(e/1e3);return`${Math.floor(t/60)} min ${t%60} s`}function T(e){return e.replace(/(\d\d:\d\d:\d\d)\.\d+/g,"$1")}var Le=20;function Kt({command:e,phase:t,done:n,of:o,unit:r}){let a=[e,t].filter(Boolean).join(", ");if(o===void 0)return`${a} (${L(n)} ${r})`;let i=o===0?0:n/o,s=Math.round(i*Le);return`${a} ${"\u2588".repeat(s)}${"\u2591".repeat(Le-s)} ${Math.floor(i*100)} % (${L(n)} of ${L(o)} ${r})`}function Jt(e){let t={table:"the table",column:"the values of",rows:"rows of"};return e.map(({migrationId:n,kind:o,name:r,rows:a})=>{let i=a===void 0?"rows that nobody has counted":`about ${L(a)} rows`;return`loses: ${t[o]} ${u(r)}, ${i} (${u(n)})
`}).join("")}function zt(e,t){if(e.migrations.length===0)return`nothing to do
`;let n=e.migrations.map(({id:r,name:a,file:i,reversible:s})=>`  ${t==="up"?"\u2191":"\u2193"} ${u(r)} ${u(a)}  ${u(i)}${s?"":"  (no down)"}`);return`plan${e.environment===void 0?"":` on ${u(e.environment)}`}: ${e.migrations.length} ${e.migrations.length===1?"migration":"migrations"}, digest ${e.digest}
${n.join(`
`)}
`}function Qt(e,t){let n=[],{lease:o,migrations:r}=e;if(o){let d={yes:"",no:" (dead)",unknown:""}[o.alive];n.push(`lease: airlock ${u(o.command)} of ${u(o.executedBy)} on ${u(o.host)}, process ${o.processId}, since ${T(o.acquiredAt)}${d}`)}e.systemSchema===void 0&&n.push("no migration has run here yet: the system tables are not there");let a=new Map;for(let{standing:d}of r)a.set(d,(a.get(d)??0)+1);let i=t?r:r.filter(({standing:d,outOfOrder:l})=>l||!Ge.has(d));for(let d of i)n.push(je(d));let s=r.length-i.length;return s>0&&n.push(`  \u2026 and ${s} applied (--verbose shows them)`),n.push(r.length===0?"there is no migration":[...a].map(([d,l])=>`${l} ${d}`).join(", ")),`${n.join(`
`)}
`}var Ge=new Set(["applied","baselined"]);function je(e){let{id:t,name:n,standing:o,outOfOrder:r,at:a,error:i}=e,s=[...r?["out of order"]:[],...a===void 0?[]:[T(a)],...Ye(e),...i===void 0?[]:[u(i)]];return`  ${o.padEnd(9)} ${u(t)} ${u(n)}${s.length>0?`  (${s.join("; ")})`:""}`}function Ye({standing:e,statementsDone:t,statementsTotal:n,statementsBegun:o=0}){if(t===void 0||t===0&&e!=="running")return[];let r=n===void 0?"":` of ${n}`;return[`${t}${r} statements done`,...e==="running"&&o>t?[`statement ${o} was begun`]:[]]}import{randomUUID as ze}from"node:crypto";import{hostname as Qe,userInfo as Ze}from"node:os";function Te(e,t,n){return n===void 0?Xe(e,t):Ve(e,t,n)}function Ve(e,t,n){let{environments:o}=e,r=o.get(n),a=x(n,"DATABASE_URL");if(!r&&(o.size>0||g(t,a)===void 0)){let m=F(n,o.keys()),p=[...o.keys()].join(", ");return{ok:!1,reasonCode:"environment-unknown",problem:`there is no environment ${JSON.stringify(n)}${m===void 0?"":`; did you mean ${m}?`}`,next:p===""?`name it under environments: in migration.config.yml, or set ${a}`:`name one of ${p}, or add it under environments: in migration.config.yml`}}let i=r??Ne(e),s=g(t,a)===void 0?"DATABASE_URL":a,d=g(t,s)??Re(t);if(d===void 0)return xe(a);let l=[...o.keys()].find(m=>m!==n&&g(t,x(m,"DATABASE_URL"))===d);return s==="DATABASE_URL"&&l!==void 0?{ok:!1,reasonCode:"database-missing",problem:`${n} was named, and DATABASE_URL is the address of ${l}.`,next:`set ${a}, or name ${l}: --env ${l}`}:{ok:!0,target:ke({environment:n,url:d,from:s,policy:i},t)}}function Xe(e,t){let n=g(t,"DATABASE_URL")??Re(t);if(n===void 0)return xe("DATABASE_URL");let o=[...e.environments].filter(([s])=>g(t,x(s,"DATABASE_URL"))===n),[r]=o,a=r&&o.length===1?r[1]:Ne(e),i=o.length===1?r?.[0]:void 0;return{ok:!0,target:ke({environment:i,url:n,from:"DATABASE_URL",policy:a},t)}}function ke(e,t){let{environment:n,url:o,from:r,policy:a}=e,i=n!==void 0||a.directUrl!==""?a.directUrl:"DIRECT_URL";return{environment:n,url:o,variable:r,directUrl:g(t,i),directVariable:i,policy:a}}function Ne({environments:e,approvers:t,healthCheck:n,requireApproval:o}){let r=[...e.values()],a=r.flatMap(({maxDuration:s})=>s===void 0?[]:[s]),i=[...r].sort((s,d)=>d.requireApproval-s.requireApproval)[0];return{skipBackup:r.length>0?r.every(({skipBackup:s})=>s):R.skipBackup,skipValidation:r.length>0?r.every(({skipValidation:s})=>s):R.skipValidation,autoRollback:R.autoRollback,maxDuration:a.length>0?Math.min(...a):void 0,requireApproval:Math.max(o,...r.map(s=>s.requireApproval)),directUrl:"DIRECT_URL",healthCheck:n,approvers:i?.approvers??t}}function Re(e){let[t,n]=[g(e,"PGHOST"),g(e,"PGDATABASE")];if(t===void 0&&n===void 0)return;let o=new URL("postgres://localhost");o.username=encodeURIComponent(g(e,"PGUSER")??""),o.password=encodeURIComponent(e.PGPASSWORD??""),t?.startsWith("/")?o.searchParams.set("host",t):t!==void 0&&(o.hostname=t),o.port=g(e,"PGPORT")??"",o.pathname=`/${encodeURIComponent(n??g(e,"PGUSER")??"")}`;for(let[r,a]of[["PGSSLMODE","sslmode"],["PGSSLROOTCERT","sslrootcert"],["PGSSLCERT","sslcert"],["PGSSLKEY","sslkey"]]){let i=g(e,r);i!==void 0&&o.searchParams.set(a,i)}return o.href}function xe(e){return{ok:!1,reasonCode:"database-missing",problem:`nothing says which database is meant: ${e} is not set.`,next:`set ${e}=postgres://user:password@host:port/database, in the environment or in .env`}}var Ke=0;function Se(e,t){if(!t.enabled)return e;let n=++Ke;t("session opened",{session:n,process:e.processId,server:e.server.text});let o=async(r,a,i)=>{let s=performance.now(),d=()=>Math.round((performance.now()-s)*100)/100;try{let l=await a();return t("sql",{session:n,sql:r,ms:d(),...i(l)}),l}catch(l){throw l instanceof S?t("sql refused",{session:n,sql:r,ms:d(),code:l.fields.code,error:l.message}):l instanceof w&&t("session lost",{session:n,sql:r,ms:d(),because:l.because,error:l.message}),l}};return{get server(){return e.server},get processId(){return e.processId},get idle(){return e.idle},run:r=>o(r,()=>e.run(r),({command:a,count:i})=>({command:a,...i===void 0?{}:{count:i}})),query:(r,a)=>o(r,()=>e.query(r,a),i=>({rows:i.length})),async close(){await e.close(),t("session closed",{session:n})}}}var we=[{path:"001_system_tables.sql",text:`-- @metadata {
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
`}];var Je=/^(?:|localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/i;function Oe(e,t){let n=URL.canParse(e)?new URL(e):void 0;if(!n||n.searchParams.has("sslmode")||n.searchParams.has("ssl"))return e;let o=n.searchParams.get("host")??n.hostname;return o.startsWith("/")||Je.test(o)?e:(n.searchParams.set("sslmode",t??"verify-full"),n.href)}async function An(e,{env:t,json:n,...o},r){let a=await G(r,{...o});if(!a.ok)return D("configuration-invalid",a.problems,P);let{configuration:i,env:s}=a,d=Te(i,s,t);if(!d.ok)return D(d.reasonCode,[d.problem],d.next);let{root:l,git:m}=a.repository,[p,_]=await Promise.all([be(a.root,i,s),m?de({root:l,env:r.env}):void 0]);if(!p.ok)return D(p.reasonCode,[p.message],p.next);let{target:f}=d,c=Oe(f.directUrl??f.url,g(s,"PGSSLMODE")),E=N(k(s)),$=I(r.log,E);return $("files read",{directory:p.directory,layout:p.layout.id,migrations:p.migrations.length,environment:f.environment,address:f.variable}),{ok:!0,project:a,target:f,files:p,open:async()=>Se(await X({url:c},{longestRequest:2**31-1}),$),who:tt(e,s,_),redact:E,log:$}}function $n({target:e}){let{hostname:t,pathname:n}=new URL(e.directUrl??e.url),o=n.slice(1),a=[o===""?[]:[`database ${u(et(o))}`],t===""?[]:[`at ${t}`]].flat().join(" ");return`${u(e.environment??e.variable)}${a===""?"":`: ${a}`}`}function et(e){return/^(?:[^%]|%[0-9a-f]{2})*$/i.test(e)?decodeURIComponent(e):e}function tt(e,t,n){return{runId:ze(),command:e,executedBy:g(t,"GITHUB_ACTOR")??nt(),host:Qe(),processId:process.pid,toolVersion:se,gitSha:n??g(t,"GITHUB_SHA"),pullRequest:/^refs\/pull\/(\d+)\//.exec(g(t,"GITHUB_REF")??"")?.[1]}}function nt(){try{return Ze().username}catch(e){if(e instanceof Error&&"code"in e)return"unknown";throw e}}function D(e,t,n){return{ok:!1,code:y.usage,reasonCode:e,problems:t,next:n}}async function Un(e){return rt(e,async()=>{let t=await e.open(),n=await ot(t,e);return n.ok||await t.close(),n})}async function ot(e,t){let n=await J(e,t.project.configuration.systemSchema);if(n===void 0)return Ae({ok:!1,because:"no-schema"},t);let o=K(n),r=await z(e,o),a=we.length;if(r>a)return Ae({ok:!1,because:"newer-schema",installed:r,known:a},t);let i=(await ye(e)).pid!==e.processId,s={ok:!0,connection:e,tables:o,pooled:i};return r===0?{...s,installed:!1,history:[],holder:void 0}:{...s,installed:!0,history:await pe(e,o),holder:await U(e,o)}}async function rt({target:e},t){try{return await t()}catch(n){if(n instanceof w)return{ok:!1,code:y.unreachable,reasonCode:"database-unreachable",problems:[n.message],next:`look at ${e.variable}, and whether the server is up`};if(n instanceof S)return{ok:!1,code:y.unreachable,reasonCode:"database-refused",problems:[`the database refused: ${n.fields.message} (${n.fields.code})`],next:`look at ${e.variable}: user, password and the name of the database`};throw n}}function Ae(e,{target:t}){switch(e.because){case"held":return{ok:!1,code:y.leaseHeld,reasonCode:"lease-held",problems:[`${e.holder?at(e.holder):"another command"} holds the lease.`],next:"wait for it, or airlock unlock to see who it is"};case"interrupted":return{ok:!1,code:y.interrupted,reasonCode:"interrupted",problems:["interrupted before anything was run."]};case"no-schema":return{ok:!1,code:y.usage,reasonCode:"system-schema-missing",problems:["the search path of this user names no schema that exists, so there is no place for the system tables."],next:"systemSchema: public in migration.config.yml"};case"newer-schema":return{ok:!1,code:y.usage,reasonCode:"system-schema-newer",problems:[`the system tables are of version ${e.installed}, and this program knows version ${e.known}: a newer one was here.`],next:"upgrade pg-airlock"};case"not-installed":return{ok:!1,code:y.unreachable,reasonCode:"database-refused",problems:[`the system tables could not be installed: ${e.error}`],next:`give the user of ${t.variable} the right to create tables in that schema, or set systemSchema: in migration.config.yml`}}}function at({command:e,executedBy:t,host:n,processId:o,acquiredAt:r}){return`airlock ${e} of ${t} on ${n} (process ${o}), since ${T(r)},`}function it(e,t={}){return{schemaVersion:1,reasonCode:e,findings:[],refuted:[],ignores:[],notAnalysed:[],...t}}function Fn({code:e,reasonCode:t,problems:n,next:o,result:r},a,i){let s=N(k(i.env));a&&st(it(t,{...r,message:n.join(`
`),...o===void 0?{}:{next:o}}),s,i);for(let d of n)i.printError(`error: ${s(b(d))}
`);return o!==void 0&&i.printError(`next: ${s(b(o))}
`),e}function st(e,t,n){n.print(ce(v(e,t)))}function Hn(e,t){return{...t===void 0?{}:{environment:t},digest:e.digest,migrations:e.migrations.map(n=>dt(n))}}function dt({migration:e,checksum:t}){let{id:n,name:o,up:r,down:a}=e;return{id:n,name:o,checksum:t,file:r.file.path,reversible:a?.pieces.some(({start:i,end:s})=>a.file.text.slice(i,s).trim()!=="")===!0}}function Bn(e,t){let{failed:n,halt:o,error:r,next:a,undone:i,forced:s,...d}=e,m=(e.direction==="up"?t?.up:t?.down)?.section.file;return{...d,...o===void 0?{}:{reason:o},...r===void 0?{}:{error:r},...a===void 0?{}:{next:a},...i===void 0?{}:{undone:i},...s===void 0?{}:{forced:s},...n&&m?{file:m.path,line:m.position(n.step.span.start+lt(n)).line}:{}}}function lt({step:e,position:t}){return t===void 0?0:[...e.sql].slice(0,t-1).join("").length}function Wn(e){let t=ct(e);return t?{drift:t}:{}}function ct(e){if(!(e===void 0||e.status==="none"))return e.status==="unknown"?{status:"unknown",because:e.because}:{status:"found",since:e.since,differences:[...le(e.differences)]}}function qn({all:e},{installed:t,tables:n,holder:o},r){return{...r===void 0?{}:{environment:r},...t?{systemSchema:n.schema}:{},...o?{lease:{command:o.command,executedBy:o.executedBy,host:o.host,processId:o.processId,acquiredAt:o.acquiredAt,expiresAt:o.expiresAt,alive:o.expired?"no":o.alive}}:{},migrations:e.map(({id:a,name:i,standing:s,outOfOrder:d,recorded:l})=>({id:a,name:i,standing:s,outOfOrder:d,...l&&s!=="pending"?{at:l.at}:{},...l&&(s==="running"||s==="failed")?{statementsDone:l.statementsDone,...l.statementsTotal===void 0?{}:{statementsTotal:l.statementsTotal},...l.statementsBegun===void 0?{}:{statementsBegun:l.statementsBegun}}:{},...l?.error!==void 0&&s==="failed"?{error:l.error}:{}}))}}function Gn(e,t,n){return{...n===void 0?{}:{environment:n},serverVersion:t,checks:e.map(({name:o,status:r,message:a,details:i,next:s})=>({name:o,status:r,message:a,...i===void 0||i.length===0?{}:{details:[...i]},...s===void 0?{}:{next:s}}))}}function jn(e){return new Map(e.map(t=>[t.id,t]))}function Yn({reasonCode:e,problems:t,next:n}){return{ok:!1,code:e==="history-disagrees"?y.disagrees:y.usage,reasonCode:e,problems:t,next:n}}export{pe as a,ut as b,ft as c,yt as d,fe as e,ye as f,bt as g,Lt as h,Tt as i,kt as j,Nt as k,Rt as l,Fe as m,we as n,Ct as o,Ee as p,Dt as q,be as r,Vt as s,Xt as t,A as u,T as v,Kt as w,Jt as x,zt as y,Qt as z,An as A,$n as B,Un as C,rt as D,Ae as E,at as F,it as G,Fn as H,st as I,Hn as J,Bn as K,Wn as L,ct as M,qn as N,Gn as O,jn as P,Yn as Q};
