import{a as h,d as G,e as Y,g as V,h as X,i as K,m as le}from"./index-23ZN22ZN.js";import{a as te}from"./index-WRLG27GZ.js";import{a as q}from"./index-SSODDPWU.js";import{c as de}from"./index-5DSXWCBM.js";import{b as ce}from"./index-2JAE7UJ2.js";import{d as W,e as Q,f as Z,g as ee,i as ne,j as oe,l as re,m as ae}from"./index-MVVDXSYM.js";import{a as y,c as v}from"./index-NIG6TARR.js";import{g as z,j as se}from"./index-OSMYIXBG.js";import{e as M,h as F,ib as H,k as B}from"./index-6V4K2DG3.js";import{g as L}from"./index-MGAKN7R5.js";import{c as S,d as O,f as ie}from"./index-BDRPSSLJ.js";import{d as k,e as m}from"./index-BGJXBLE6.js";import{j as N,l as I}from"./index-7QCEMYKV.js";import{a as P}from"./index-DCKURG7D.js";import{a as j}from"./index-QJNUOKZZ.js";import{a as x,b as R}from"./index-VMPLZAQ4.js";import{a as J}from"./index-TW2IDW7A.js";import{a as E,b as u}from"./index-FNTUTAU5.js";var ue=`id, migration_id, name, checksum, status, applied_at, run_id, transactional, statements_total,
  statements_begun, statements_done, done_digest, backend_pid, backend_start, error`;async function me(e,t){return(await e.query(`SELECT ${ue} FROM (
       SELECT DISTINCT ON (migration_id) ${ue} FROM ${t.history} ORDER BY migration_id, id DESC
     ) newest ORDER BY id`)).map(pe)}function pe(e){let t=e.backend_pid;return{row:Number(e.id),id:e.migration_id??"",name:e.name??"",checksum:e.checksum??"",status:$e(e.status),at:e.applied_at??"",runId:e.run_id??"",transactional:e.transactional==="t",statementsTotal:Number(e.statements_total),statementsBegun:Number(e.statements_begun),statementsDone:Number(e.statements_done),doneDigest:e.done_digest??void 0,...t==null?{}:{backend:{pid:Number(t),start:e.backend_start??""}},error:e.error??void 0}}function $e(e){switch(e){case"running":case"applied":case"rolled_back":case"baselined":case"superseded":return e;default:return"failed"}}async function lt(e,t,n,o){let[r]=await e.query(`SELECT id, migration_id, name, '' AS checksum, status, rolled_back_at AS applied_at, run_id, transactional,
       statements_total, statements_begun, statements_done, done_digest, backend_pid, backend_start, error
     FROM ${t.rollbacks} WHERE migration_id = $1 AND history_id = $2 ORDER BY id DESC LIMIT 1`,[n,o]),a=r&&pe(r);return a&&r&&(r.status==="running"||r.status==="failed")?a:void 0}function pt(e,t){let n=new Map(t.map(c=>[c.id,c])),o=new Map(e.map(c=>[c.migration.id,c])),r=e.findLast(({migration:c})=>!c.repeatable&&fe(n.get(c.id)))?.migration.sortKey,a=e.map(c=>Ue(c,n.get(c.migration.id),r)),i=t.filter(c=>!o.has(c.id)&&(fe(c)||c.status==="running")).map(c=>({id:c.id,name:c.name,standing:c.status==="running"?"running":"missing",outOfOrder:!1,recorded:c})),s=a.filter(we),d=new Set(s.map(({sealed:c})=>c?.migration)),{order:l,unknown:p,cycles:f}=H(e.map(({migration:c})=>c),c=>d.has(c)),_=new Map(l.map((c,b)=>[c,b])),g=({sealed:c})=>(c&&_.get(c.migration))??0;return{all:[...i,...a],pending:s.sort((c,b)=>g(c)-g(b)),unknownDependencies:p,cycles:f}}function ft({standing:e,outOfOrder:t}){return e==="edited"||e==="missing"||t}function fe(e){return e?.status==="applied"||e?.status==="baselined"}function we({standing:e,recorded:t}){return e==="pending"||e==="failed"||e==="running"&&t!==void 0}function Ue(e,t,n){let{migration:o,checksum:r}=e,a=Ce(o,r,t);return{id:o.id,name:o.name,standing:a,outOfOrder:!o.repeatable&&(a==="pending"||a==="failed")&&n!==void 0&&M(o.sortKey,n)<0,sealed:e,recorded:t}}function Ce(e,t,n){switch(n?.status){case void 0:case"rolled_back":case"superseded":return"pending";case"failed":case"running":return n.status;case"baselined":case"applied":return n.checksum===t?n.status:e.repeatable?"pending":"edited"}}var A="migration_lock",De={first:50,longest:500};async function ge(e){let[t]=await e.query(`SELECT pid, pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text AS start
       FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()`);return{pid:Number(t?.pid),start:t?.start??""}}var ye=`SELECT FROM pg_catalog.generate_subscripts(held.backend_pids, 1) AS at
  JOIN pg_catalog.pg_stat_activity activity ON activity.pid = held.backend_pids[at]
    AND (activity.backend_start IS NULL OR
      pg_catalog.date_part('epoch', activity.backend_start)::pg_catalog.numeric::pg_catalog.text = held.backend_starts[at])`;async function U(e,t){let[n]=await e.query(`SELECT token, run_id, command, executed_by, host, process_id, acquired_at, expires_at,
       expires_at <= pg_catalog.clock_timestamp() AS expired,
       pg_catalog.array_to_json(backend_pids) AS pids, pg_catalog.array_to_json(backend_starts) AS starts,
       CASE WHEN backend_pids IS NULL THEN 'unknown' WHEN EXISTS (${ye}) THEN 'yes' ELSE 'no' END AS alive
     FROM ${t.locks} held WHERE lock_name = ${h(A)}`);return n&&ve(n)}function ve(e){let t=a=>e[a]??"",n=JSON.parse(e.pids??"[]"),o=JSON.parse(e.starts??"[]"),r=t("alive");return{token:t("token"),runId:t("run_id"),command:t("command"),executedBy:t("executed_by"),host:t("host"),processId:Number(e.process_id),acquiredAt:t("acquired_at"),expiresAt:t("expires_at"),expired:e.expired==="t",backends:n.map((a,i)=>({pid:a,start:o[i]??""})),alive:r==="yes"||r==="no"?r:"unknown"}}async function _t(e,t,n){let o=performance.now()+n.patience;for(let r=1;;r++){if(n.signal.aborted)return{ok:!1,because:"interrupted"};let a=await U(e,t),i=a===void 0||a.expired||a.alive==="no",s=i?await Ie(e,t,n):void 0;if(s!==void 0)return{ok:!0,token:s,before:a};let d=o-performance.now();if(d<=0)return{ok:!1,because:"held",holder:a};a&&!i&&n.waiting?.(a),await Y(Math.min(d,G(r,De,Math.random())),n.signal)}}async function Ie(e,t,{who:n,backends:o,ttl:r}){let a=o?`ARRAY[${o.map(({pid:d})=>d).join(", ")}]::int4[]`:"NULL",i=o?`${h(o.map(({start:d})=>d))}::text[]`:"NULL",[s]=await e.query(`INSERT INTO ${t.locks} AS held
       (lock_name, run_id, command, executed_by, host, process_id, backend_pids, backend_starts, expires_at)
     VALUES (${[A,n.runId,n.command,n.executedBy,n.host,n.processId].map(h).join(", ")},
       ${a}, ${i}, ${he(r)})
     ON CONFLICT (lock_name) DO UPDATE SET token = DEFAULT, run_id = EXCLUDED.run_id, command = EXCLUDED.command,
       executed_by = EXCLUDED.executed_by, host = EXCLUDED.host, process_id = EXCLUDED.process_id,
       backend_pids = EXCLUDED.backend_pids, backend_starts = EXCLUDED.backend_starts,
       acquired_at = EXCLUDED.acquired_at, expires_at = EXCLUDED.expires_at
     WHERE held.expires_at <= pg_catalog.clock_timestamp()
       OR (held.backend_pids IS NOT NULL AND NOT EXISTS (${ye}))
     RETURNING token`);return s?.token??void 0}async function Et(e,t,n,o){return(await e.query(`UPDATE ${t.locks} SET expires_at = ${he(o)} WHERE ${C(n)} RETURNING token`)).length>0}async function bt(e,t,n,o){await e.query(`UPDATE ${t.locks} SET backend_pids = ARRAY[${o.map(({pid:r})=>r).join(", ")}]::int4[],
       backend_starts = ${h(o.map(({start:r})=>r))}::text[] WHERE ${C(n)}`)}async function Lt(e,t,n){await e.query(`DELETE FROM ${t.locks} WHERE ${C(n)}`)}function Tt(e,t){return`(SELECT token FROM ${e.locks} WHERE lock_name = ${h(A)}) = ${h(t)}::pg_catalog.int8`}function C(e){return`lock_name = ${h(A)} AND token = ${h(e)}::pg_catalog.int8`}function he(e){return`pg_catalog.clock_timestamp() + ${Math.round(e)} * interval '1 millisecond'`}async function kt(e,t){let n=[];for(let o of t){let[r]=await e.query(`SELECT state FROM pg_catalog.pg_stat_activity WHERE pid = ${o.pid} AND pid <> pg_catalog.pg_backend_pid()
         AND (backend_start IS NULL OR
           pg_catalog.date_part('epoch', backend_start)::pg_catalog.numeric::pg_catalog.text = ${h(o.start)})`);r!==void 0&&(r.state?.startsWith("idle")&&await Pe(e,o.pid)||n.push(o))}return n}async function Pe(e,t){return(await e.query(`SELECT pg_catalog.pg_terminate_backend(pid) AS ended FROM pg_catalog.pg_stat_activity
      WHERE pid = ${t} AND pg_catalog.pg_has_role(usesysid, 'MEMBER')`))[0]?.ended==="t"}import{createHash as Me}from"node:crypto";async function wt(e,t,n){await Z("postgres");let{migration:o}=e,r=a=>Fe(a,t,n);return{...e,up:r(o.up),...o.down?{down:r(o.down)}:{},...o.verify?{verify:r(o.verify)}:{}}}function _e(e){return{migration:e,checksum:q(e.up.file.text)}}function Fe(e,t,n){let o=ee(e,{dialect:"postgres",placeholders:n.placeholders}),r=Q(e,o,t,{...n,runner:"airlock"}),{written:a}=z(e.file.text,e.pieces,n.placeholders);return{section:e,run:{steps:te(o,a),transaction:r.transaction,lockTimeout:r.lockTimeout??n.lockTimeout,statementTimeout:r.statementTimeout??n.statementTimeout,idleTimeout:n.idleTimeout,pooled:n.pooled},blocked:Be(o)}}function Be(e){return e.notAnalysed.filter(({span:t})=>!e.statements.some(n=>n.span.start<=t.start&&t.end<=n.span.end))}function Ut(e){return Me("sha256").update(JSON.stringify(e.map(({sql:t})=>t)),"utf8").digest("hex")}async function Ee(e,t,n){let o=await re({root:e,configuration:t,env:n});if(!o.ok)return o;let[r,a]=o.directories;if(r===void 0||a!==void 0)return{ok:!1,reasonCode:"usage",message:`there are several migrations folders (${o.directories.map(g=>g||".").join(", ")}), and a database has one.`,next:`name it: --directory ${r||"."}, or directory: in migration.config.yml`};let i=ae({root:e,directory:r,excluded:await oe(t.exclude)});if(!i.ok)return i;let s=t.layout===void 0?void 0:B.get(t.layout),d=s?void 0:await ne(i.folder,e,n);if(d&&d.status!=="found")return{ok:!1,reasonCode:d.status==="unknown"?"layout-unknown":"layout-ambiguous",message:`the layout of ${r||"the repository root"} is not known.`,next:"name it: --layout <layout>, or layout: in migration.config.yml"};let l=s??d?.layout;if(!l)throw new Error("a layout was named or detected");if(I(t,l.id)==="native")return{ok:!1,reasonCode:"runner-native",message:`the files of ${r||"the repository root"} are in the layout of ${l.title}, whose own tool runs them.`,next:"to have Airlock run them: --runner airlock, or runner: airlock in migration.config.yml"};let p=l.read(i.folder,t.layouts),f=[...p.unread,...i.unread].find(g=>g.broken)??i.unread.find(({file:g,reason:c})=>g.endsWith(".sql")||c.startsWith("cannot be listed"));if(f)return{ok:!1,reasonCode:"file-unreadable",message:`${f.file}:${f.line} ${f.reason}.`,next:"correct the file, or leave it out: exclude: in migration.config.yml"};let[_]=F(p.migrations);return _?{ok:!1,reasonCode:"usage",message:`${_.file.path}: ${_.message}.`,next:"airlock validate"}:{ok:!0,layout:l,directory:r,migrations:p.migrations.map(_e),read:{directory:r,folder:i.folder,reading:p,unread:i.unread}}}function Yt(e){let t=`${e.direction==="up"?"\u2191":"\u2193"} ${u(e.migrationId)} ${u(e.name)}`,n=e.lockWaitMs>0?`, ${$(e.lockWaitMs)} of it waiting for locks`:"";switch(e.status){case"applied":return`${t}  applied in ${$(e.durationMs)}${n}
`;case"rolled-back":return e.forced?`${t}  RECORDED as rolled back; nothing was run
`:`${t}  rolled back in ${$(e.durationMs)}${n}
`;case"unknown":return`${t}  NOT KNOWN: ${E(e.error??"")}
`;case"failed":{let o=e.file===void 0?"":`${u(e.file)}:${e.line} `,r=e.undone?"nothing of it is left in the database":`${e.statements} of ${e.of} statements were done`;return`${t}  FAILED after ${$(e.durationMs)}${n}: ${r}
  ${o}${He(E(e.error??""))}
`}}}function jt(e){if(e.status==="unknown")return`warning: whether anything was changed by hand since the last run cannot be told: ${E(e.because??"")}
`;let{differences:t=[],since:n=""}=e,[o,r]=t.length===1?["thing is","it"]:["things are","them"];return`warning: ${t.length} ${o} not as the last run left ${r} (${u(T(n))}); this run goes on with ${r}:
${t.map(a=>`  ${u(a)}
`).join("")}`}function He(e){return e.replaceAll(`
`,`
  `)}function $(e){if(e<1e3)return`${Math.round(e)} ms`;if(e<6e4)return`${(e/1e3).toFixed(1)} s`;let t=Math.round(e/1e3);return`${Math.floor(t/60)} min ${t%60} s`}function T(e){return e.replace(/(\d\d:\d\d:\d\d)\.\d+/g,"$1")}var be=20;function Vt({command:e,phase:t,done:n,of:o,unit:r}){let a=[e,t].filter(Boolean).join(", ");if(o===void 0)return`${a} (${L(n)} ${r})`;let i=o===0?0:n/o,s=Math.round(i*be);return`${a} ${"\u2588".repeat(s)}${"\u2591".repeat(be-s)} ${Math.floor(i*100)} % (${L(n)} of ${L(o)} ${r})`}function Xt(e){let t={table:"the table",column:"the values of",rows:"rows of"};return e.map(({migrationId:n,kind:o,name:r,rows:a})=>{let i=a===void 0?"rows that nobody has counted":`about ${L(a)} rows`;return`loses: ${t[o]} ${u(r)}, ${i} (${u(n)})
`}).join("")}function Kt(e,t){if(e.migrations.length===0)return`nothing to do
`;let n=e.migrations.map(({id:r,name:a,file:i,reversible:s})=>`  ${t==="up"?"\u2191":"\u2193"} ${u(r)} ${u(a)}  ${u(i)}${s?"":"  (no down)"}`);return`plan${e.environment===void 0?"":` on ${u(e.environment)}`}: ${e.migrations.length} ${e.migrations.length===1?"migration":"migrations"}, digest ${e.digest}
${n.join(`
`)}
`}function Jt(e,t){let n=[],{lease:o,migrations:r}=e;if(o){let d={yes:"",no:" (dead)",unknown:""}[o.alive];n.push(`lease: airlock ${u(o.command)} of ${u(o.executedBy)} on ${u(o.host)}, process ${o.processId}, since ${T(o.acquiredAt)}${d}`)}e.systemSchema===void 0&&n.push("no migration has run here yet: the system tables are not there");let a=new Map;for(let{standing:d}of r)a.set(d,(a.get(d)??0)+1);let i=t?r:r.filter(({standing:d,outOfOrder:l})=>l||!We.has(d));for(let d of i)n.push(qe(d));let s=r.length-i.length;return s>0&&n.push(`  \u2026 and ${s} applied (--verbose shows them)`),n.push(r.length===0?"there is no migration":[...a].map(([d,l])=>`${l} ${d}`).join(", ")),`${n.join(`
`)}
`}var We=new Set(["applied","baselined"]);function qe(e){let{id:t,name:n,standing:o,outOfOrder:r,at:a,error:i}=e,s=[...r?["out of order"]:[],...a===void 0?[]:[T(a)],...Ge(e),...i===void 0?[]:[u(i)]];return`  ${o.padEnd(9)} ${u(t)} ${u(n)}${s.length>0?`  (${s.join("; ")})`:""}`}function Ge({standing:e,statementsDone:t,statementsTotal:n,statementsBegun:o=0}){if(t===void 0||t===0&&e!=="running")return[];let r=n===void 0?"":` of ${n}`;return[`${t}${r} statements done`,...e==="running"&&o>t?[`statement ${o} was begun`]:[]]}import{randomUUID as Ke}from"node:crypto";import{hostname as Je,userInfo as ze}from"node:os";function Le(e,t,n){return n===void 0?je(e,t):Ye(e,t,n)}function Ye(e,t,n){let{environments:o}=e,r=o.get(n),a=k(n,"DATABASE_URL");if(!r&&(o.size>0||m(t,a)===void 0)){let p=P(n,o.keys()),f=[...o.keys()].join(", ");return{ok:!1,reasonCode:"environment-unknown",problem:`there is no environment ${JSON.stringify(n)}${p===void 0?"":`; did you mean ${p}?`}`,next:f===""?`name it under environments: in migration.config.yml, or set ${a}`:`name one of ${f}, or add it under environments: in migration.config.yml`}}let i=r??ke(e),s=m(t,a)===void 0?"DATABASE_URL":a,d=m(t,s)??Ne(t);if(d===void 0)return xe(a);let l=[...o.keys()].find(p=>p!==n&&m(t,k(p,"DATABASE_URL"))===d);return s==="DATABASE_URL"&&l!==void 0?{ok:!1,reasonCode:"database-missing",problem:`${n} was named, and DATABASE_URL is the address of ${l}.`,next:`set ${a}, or name ${l}: --env ${l}`}:{ok:!0,target:Te({environment:n,url:d,from:s,policy:i},t)}}function je(e,t){let n=m(t,"DATABASE_URL")??Ne(t);if(n===void 0)return xe("DATABASE_URL");let o=[...e.environments].filter(([s])=>m(t,k(s,"DATABASE_URL"))===n),[r]=o,a=r&&o.length===1?r[1]:ke(e),i=o.length===1?r?.[0]:void 0;return{ok:!0,target:Te({environment:i,url:n,from:"DATABASE_URL",policy:a},t)}}function Te(e,t){let{environment:n,url:o,from:r,policy:a}=e,i=n!==void 0||a.directUrl!==""?a.directUrl:"DIRECT_URL";return{environment:n,url:o,variable:r,directUrl:m(t,i),directVariable:i,policy:a}}function ke({environments:e,approvers:t,healthCheck:n,requireApproval:o}){let r=[...e.values()],a=r.flatMap(({maxDuration:s})=>s===void 0?[]:[s]),i=[...r].sort((s,d)=>d.requireApproval-s.requireApproval)[0];return{skipBackup:r.length>0?r.every(({skipBackup:s})=>s):N.skipBackup,skipValidation:r.length>0?r.every(({skipValidation:s})=>s):N.skipValidation,autoRollback:N.autoRollback,maxDuration:a.length>0?Math.min(...a):void 0,requireApproval:Math.max(o,...r.map(s=>s.requireApproval)),directUrl:"DIRECT_URL",healthCheck:n,approvers:i?.approvers??t}}function Ne(e){let[t,n]=[m(e,"PGHOST"),m(e,"PGDATABASE")];if(t===void 0&&n===void 0)return;let o=new URL("postgres://localhost");o.username=encodeURIComponent(m(e,"PGUSER")??""),o.password=encodeURIComponent(e.PGPASSWORD??""),t?.startsWith("/")?o.searchParams.set("host",t):t!==void 0&&(o.hostname=t),o.port=m(e,"PGPORT")??"",o.pathname=`/${encodeURIComponent(n??m(e,"PGUSER")??"")}`;for(let[r,a]of[["PGSSLMODE","sslmode"],["PGSSLROOTCERT","sslrootcert"],["PGSSLCERT","sslcert"],["PGSSLKEY","sslkey"]]){let i=m(e,r);i!==void 0&&o.searchParams.set(a,i)}return o.href}function xe(e){return{ok:!1,reasonCode:"database-missing",problem:`nothing says which database is meant: ${e} is not set.`,next:`set ${e}=postgres://user:password@host:port/database, in the environment or in .env`}}var Ve=0;function Re(e,t){if(!t.enabled)return e;let n=++Ve;t("session opened",{session:n,process:e.processId,server:e.server.text});let o=async(r,a,i)=>{let s=performance.now(),d=()=>Math.round((performance.now()-s)*100)/100;try{let l=await a();return t("sql",{session:n,sql:r,ms:d(),...i(l)}),l}catch(l){throw l instanceof x?t("sql refused",{session:n,sql:r,ms:d(),code:l.fields.code,error:l.message}):l instanceof R&&t("session lost",{session:n,sql:r,ms:d(),because:l.because,error:l.message}),l}};return{get server(){return e.server},get processId(){return e.processId},get idle(){return e.idle},run:r=>o(r,()=>e.run(r),({command:a,count:i})=>({command:a,...i===void 0?{}:{count:i}})),query:(r,a)=>o(r,()=>e.query(r,a),i=>({rows:i.length})),async close(){await e.close(),t("session closed",{session:n})}}}var Se=[{path:"001_system_tables.sql",text:`-- @metadata {
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
`}];var Xe=/^(?:|localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/i;function Oe(e,t){let n=URL.canParse(e)?new URL(e):void 0;if(!n||n.searchParams.has("sslmode")||n.searchParams.has("ssl"))return e;let o=n.searchParams.get("host")??n.hostname;return o.startsWith("/")||Xe.test(o)?e:(n.searchParams.set("sslmode",t??"verify-full"),n.href)}async function On(e,{env:t,json:n,...o},r){let a=await W(r,{...o});if(!a.ok)return D("configuration-invalid",a.problems,v);let{configuration:i,env:s}=a,d=Le(i,s,t);if(!d.ok)return D(d.reasonCode,[d.problem],d.next);let{root:l,git:p}=a.repository,[f,_]=await Promise.all([Ee(a.root,i,s),p?de({root:l,env:r.env}):void 0]);if(!f.ok)return D(f.reasonCode,[f.message],f.next);let{target:g}=d,c=Oe(g.directUrl??g.url,m(s,"PGSSLMODE")),b=O(S(s)),w=J(r.log,b);return w("files read",{directory:f.directory,layout:f.layout.id,migrations:f.migrations.length,environment:g.environment,address:g.variable}),{ok:!0,project:a,target:g,files:f,open:async()=>Re(await j({url:c},{longestRequest:2**31-1}),w),who:Ze(e,s,_),redact:b,log:w}}function An({target:e}){let{hostname:t,pathname:n}=new URL(e.directUrl??e.url),o=n.slice(1),a=[o===""?[]:[`database ${u(Qe(o))}`],t===""?[]:[`at ${t}`]].flat().join(" ");return`${u(e.environment??e.variable)}${a===""?"":`: ${a}`}`}function Qe(e){return/^(?:[^%]|%[0-9a-f]{2})*$/i.test(e)?decodeURIComponent(e):e}function Ze(e,t,n){return{runId:Ke(),command:e,executedBy:m(t,"GITHUB_ACTOR")??et(),host:Je(),processId:process.pid,toolVersion:se,gitSha:n??m(t,"GITHUB_SHA"),pullRequest:/^refs\/pull\/(\d+)\//.exec(m(t,"GITHUB_REF")??"")?.[1]}}function et(){try{return ze().username}catch(e){if(e instanceof Error&&"code"in e)return"unknown";throw e}}function D(e,t,n){return{ok:!1,code:y.usage,reasonCode:e,problems:t,next:n}}async function $n(e){return nt(e,async()=>{let t=await e.open(),n=await tt(t,e);return n.ok||await t.close(),n})}async function tt(e,t){let n=await X(e,t.project.configuration.systemSchema);if(n===void 0)return Ae({ok:!1,because:"no-schema"},t);let o=V(n),r=await K(e,o),a=Se.length;if(r>a)return Ae({ok:!1,because:"newer-schema",installed:r,known:a},t);let i=(await ge(e)).pid!==e.processId,s={ok:!0,connection:e,tables:o,pooled:i};return r===0?{...s,installed:!1,history:[],holder:void 0}:{...s,installed:!0,history:await me(e,o),holder:await U(e,o)}}async function nt({target:e},t){try{return await t()}catch(n){if(n instanceof R)return{ok:!1,code:y.unreachable,reasonCode:"database-unreachable",problems:[n.message],next:`look at ${e.variable}, and whether the server is up`};if(n instanceof x)return{ok:!1,code:y.unreachable,reasonCode:"database-refused",problems:[`the database refused: ${n.fields.message} (${n.fields.code})`],next:`look at ${e.variable}: user, password and the name of the database`};throw n}}function Ae(e,{target:t}){switch(e.because){case"held":return{ok:!1,code:y.leaseHeld,reasonCode:"lease-held",problems:[`${e.holder?ot(e.holder):"another command"} holds the lease.`],next:"wait for it, or airlock unlock to see who it is"};case"interrupted":return{ok:!1,code:y.interrupted,reasonCode:"interrupted",problems:["interrupted before anything was run."]};case"no-schema":return{ok:!1,code:y.usage,reasonCode:"system-schema-missing",problems:["the search path of this user names no schema that exists, so there is no place for the system tables."],next:"systemSchema: public in migration.config.yml"};case"newer-schema":return{ok:!1,code:y.usage,reasonCode:"system-schema-newer",problems:[`the system tables are of version ${e.installed}, and this program knows version ${e.known}: a newer one was here.`],next:"upgrade pg-airlock"};case"not-installed":return{ok:!1,code:y.unreachable,reasonCode:"database-refused",problems:[`the system tables could not be installed: ${e.error}`],next:`give the user of ${t.variable} the right to create tables in that schema, or set systemSchema: in migration.config.yml`}}}function ot({command:e,executedBy:t,host:n,processId:o,acquiredAt:r}){return`airlock ${e} of ${t} on ${n} (process ${o}), since ${T(r)},`}function rt(e,t={}){return{schemaVersion:1,reasonCode:e,findings:[],refuted:[],ignores:[],notAnalysed:[],...t}}function Pn({code:e,reasonCode:t,problems:n,next:o,result:r},a,i){let s=O(S(i.env));a&&at(rt(t,{...r,message:n.join(`
`),...o===void 0?{}:{next:o}}),s,i);for(let d of n)i.printError(`error: ${s(E(d))}
`);return o!==void 0&&i.printError(`next: ${s(E(o))}
`),e}function at(e,t,n){n.print(ce(ie(e,t)))}function Mn(e,t){return{...t===void 0?{}:{environment:t},digest:e.digest,migrations:e.migrations.map(n=>it(n))}}function it({migration:e,checksum:t}){let{id:n,name:o,up:r,down:a}=e;return{id:n,name:o,checksum:t,file:r.file.path,reversible:a?.pieces.some(({start:i,end:s})=>a.file.text.slice(i,s).trim()!=="")===!0}}function Fn(e,t){let{failed:n,halt:o,error:r,next:a,undone:i,forced:s,...d}=e,p=(e.direction==="up"?t?.up:t?.down)?.section.file;return{...d,...o===void 0?{}:{reason:o},...r===void 0?{}:{error:r},...a===void 0?{}:{next:a},...i===void 0?{}:{undone:i},...s===void 0?{}:{forced:s},...n&&p?{file:p.path,line:p.position(n.step.span.start+st(n)).line}:{}}}function st({step:e,position:t}){return t===void 0?0:[...e.sql].slice(0,t-1).join("").length}function Bn(e){let t=dt(e);return t?{drift:t}:{}}function dt(e){if(!(e===void 0||e.status==="none"))return e.status==="unknown"?{status:"unknown",because:e.because}:{status:"found",since:e.since,differences:[...le(e.differences)]}}function Hn({all:e},{installed:t,tables:n,holder:o},r){return{...r===void 0?{}:{environment:r},...t?{systemSchema:n.schema}:{},...o?{lease:{command:o.command,executedBy:o.executedBy,host:o.host,processId:o.processId,acquiredAt:o.acquiredAt,expiresAt:o.expiresAt,alive:o.expired?"no":o.alive}}:{},migrations:e.map(({id:a,name:i,standing:s,outOfOrder:d,recorded:l})=>({id:a,name:i,standing:s,outOfOrder:d,...l&&s!=="pending"?{at:l.at}:{},...l&&(s==="running"||s==="failed")?{statementsDone:l.statementsDone,...l.statementsTotal===void 0?{}:{statementsTotal:l.statementsTotal},...l.statementsBegun===void 0?{}:{statementsBegun:l.statementsBegun}}:{},...l?.error!==void 0&&s==="failed"?{error:l.error}:{}}))}}function Wn(e,t,n){return{...n===void 0?{}:{environment:n},serverVersion:t,checks:e.map(({name:o,status:r,message:a,details:i,next:s})=>({name:o,status:r,message:a,...i===void 0||i.length===0?{}:{details:[...i]},...s===void 0?{}:{next:s}}))}}function qn(e){return new Map(e.map(t=>[t.id,t]))}function Gn({reasonCode:e,problems:t,next:n}){return{ok:!1,code:e==="history-disagrees"?y.disagrees:y.usage,reasonCode:e,problems:t,next:n}}export{me as a,lt as b,pt as c,ft as d,fe as e,ge as f,_t as g,Et as h,bt as i,Lt as j,Tt as k,kt as l,Pe as m,Se as n,wt as o,_e as p,Ut as q,Ee as r,Yt as s,jt as t,$ as u,T as v,Vt as w,Xt as x,Kt as y,Jt as z,On as A,An as B,$n as C,nt as D,Ae as E,ot as F,rt as G,Pn as H,at as I,Mn as J,Fn as K,Bn as L,dt as M,Hn as N,Wn as O,qn as P,Gn as Q};
