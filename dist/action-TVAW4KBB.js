import{g as d}from"./action-GZ66K2VQ.js";import{a as c,b as s}from"./action-6DHCYTVX.js";function v(n){let t=`${n.direction==="up"?"\u2191":"\u2193"} ${s(n.migrationId)} ${s(n.name)}`,e=n.lockWaitMs>0?`, ${l(n.lockWaitMs)} of it waiting for locks`:"";switch(n.status){case"applied":return`${t}  applied in ${l(n.durationMs)}${e}
`;case"rolled-back":return n.forced?`${t}  RECORDED as rolled back; nothing was run
`:`${t}  rolled back in ${l(n.durationMs)}${e}
`;case"unknown":return`${t}  NOT KNOWN: ${c(n.error??"")}
`;case"failed":{let o=n.file===void 0?"":`${s(n.file)}:${n.line} `,r=n.undone?"nothing of it is left in the database":`${n.statements} of ${n.of} statements were done`;return`${t}  FAILED after ${l(n.durationMs)}${e}: ${r}
  ${o}${p(c(n.error??""))}
`}}}function M(n){if(n.status==="unknown")return`warning: whether anything was changed by hand since the last run cannot be told: ${c(n.because??"")}
`;let{differences:t=[],since:e=""}=n,[o,r]=t.length===1?["thing is","it"]:["things are","them"];return`warning: ${t.length} ${o} not as the last run left ${r} (${s(g(e))}); this run goes on with ${r}:
${t.map(i=>`  ${s(i)}
`).join("")}`}function p(n){return n.replaceAll(`
`,`
  `)}function l(n){if(n<1e3)return`${Math.round(n)} ms`;if(n<6e4)return`${(n/1e3).toFixed(1)} s`;let t=Math.round(n/1e3);return`${Math.floor(t/60)} min ${t%60} s`}function g(n){return n.replace(/(\d\d:\d\d:\d\d)\.\d+/g,"$1")}var h=20;function k({command:n,phase:t,done:e,of:o,unit:r}){let i=[n,t].filter(Boolean).join(", ");if(o===void 0)return`${i} (${d(e)} ${r})`;let a=o===0?0:e/o,u=Math.round(a*h);return`${i} ${"\u2588".repeat(u)}${"\u2591".repeat(h-u)} ${Math.floor(a*100)} % (${d(e)} of ${d(o)} ${r})`}function S(n){let t={table:"the table",column:"the values of",rows:"rows of"};return n.map(({migrationId:e,kind:o,name:r,rows:i})=>{let a=i===void 0?"rows that nobody has counted":`about ${d(i)} rows`;return`loses: ${t[o]} ${s(r)}, ${a} (${s(e)})
`}).join("")}function j(n,t){if(n.migrations.length===0)return`nothing to do
`;let e=n.migrations.map(({id:r,name:i,file:a,reversible:u})=>`  ${t==="up"?"\u2191":"\u2193"} ${s(r)} ${s(i)}  ${s(a)}${u?"":"  (no down)"}`);return`plan${n.environment===void 0?"":` on ${s(n.environment)}`}: ${n.migrations.length} ${n.migrations.length===1?"migration":"migrations"}, digest ${n.digest}
${e.join(`
`)}
`}function N(n,t){let e=[],{lease:o,migrations:r}=n;if(o){let $={yes:"",no:" (dead)",unknown:""}[o.alive];e.push(`lease: airlock ${s(o.command)} of ${s(o.executedBy)} on ${s(o.host)}, process ${o.processId}, since ${g(o.acquiredAt)}${$}`)}n.systemSchema===void 0&&e.push("no migration has run here yet: the system tables are not there");let i=new Map;for(let{standing:$}of r)i.set($,(i.get($)??0)+1);let a=t?r:r.filter(({standing:$,outOfOrder:f})=>f||!m.has($));for(let $ of a)e.push(w($));let u=r.length-a.length;return u>0&&e.push(`  \u2026 and ${u} applied (--verbose shows them)`),e.push(r.length===0?"there is no migration":[...i].map(([$,f])=>`${f} ${$}`).join(", ")),`${e.join(`
`)}
`}var m=new Set(["applied","baselined"]);function w(n){let{id:t,name:e,standing:o,outOfOrder:r,at:i,error:a}=n,u=[...r?["out of order"]:[],...i===void 0?[]:[g(i)],...b(n),...a===void 0?[]:[s(a)]];return`  ${o.padEnd(9)} ${s(t)} ${s(e)}${u.length>0?`  (${u.join("; ")})`:""}`}function b({standing:n,statementsDone:t,statementsTotal:e,statementsBegun:o=0}){if(t===void 0||t===0&&n!=="running")return[];let r=e===void 0?"":` of ${e}`;return[`${t}${r} statements done`,...n==="running"&&o>t?[`statement ${o} was begun`]:[]]}export{v as a,M as b,l as c,g as d,k as e,S as f,j as g,N as h};
