import{a as r}from"./action-7I4NKA2B.js";function n(e,o,t=""){return`SELECT (CASE WHEN ${o} THEN '0' ELSE ${r(`airlock:${e}`)} END)::pg_catalog.int4${t}; `}function i({code:e,message:o}){let t=e==="22P02"?/airlock:([a-z-]+)/.exec(o)?.[1]:void 0;return t==="lease-lost"||t==="system-tables-written"||t==="history-moved"?t:void 0}function l(e){return n("system-tables-written","pg_catalog.count(*) = 0",` FROM pg_catalog.pg_locks held
       WHERE held.pid = pg_catalog.pg_backend_pid() AND held.locktype = 'relation'
         AND held.relation IN (${e.length>0?e.join(", "):"NULL"})
         AND held.mode <> 'AccessShareLock'`)}export{n as a,i as b,l as c};
