import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import{a as g,b as h,c as x,d as k,e as p}from"./chunk-YHHRZ2M3.js";import{a as T}from"./chunk-X5WTWEE7.js";import"./chunk-INJUJ26H.js";import{b as S,c as _,d as w,e as m,f as y,g as j}from"./chunk-3OTBMBGY.js";import{c as F}from"./chunk-4YKRFD5D.js";import"./chunk-2VRIZJBM.js";var $={error:"\u{1F6D1}",warning:"\u26A0\uFE0F",info:"\u2139\uFE0F"};function v(n,t){let r=p(String(n.line),t.link?.(n.file,n.line,n.endLine));return`| ${$[n.severity]} | ${r} | ${h(n.message,600)}<br>${O(n)} |`}function C(n,t){let r=H(n,t);return{title:`**${$[n.severity]} Line ${n.line} \xB7 ${g(n.ruleId,100)}**`,excerpt:r===""?G(n,t):"",why:n.why.trim()===""?"":`**Why:** ${h(n.why)}`,rewrite:r,instead:n.fix.trim()===""?"":`**Instead:** ${h(n.fix)}`}}function O(n){return p(g(n.ruleId,100),n.helpUrl)}function G(n,t){let r=t.source?.(n.file);if(!r)return"";let e=T(r,n,{width:200,context:0,lines:8,redact:t.redact}).map(o=>o.text.trimEnd()).join(`
`);return e.trim()===""?"":k(e,"sql")}var b=20;function H({file:n,replacement:t},r){if(!t)return"";let i=r.source?.(n),e=F(t.text,2e3);if(!i)return k(e,"sql");let o=a=>{let c=a.slice(0,5e3);return r.redact?r.redact(c):c},d=Math.min(t.endLine,t.line+b),s=[];for(let a=t.line;a<=d;a+=1)s.push(i.line(a));let l=o(i.line(t.line).slice(0,t.column-1)),f=o(i.line(t.endLine).slice(t.endColumn-1));return k([...A("-",s.map(o)),...A("+",`${l}${e}${f}`.split(`
`))].join(`
`),"diff")}function A(n,t){let r=t.slice(0,b).map(i=>`${n} ${F(i,300)}`);return t.length>b?[...r,`${n} \u2026`]:r}function E(n){return[`### ${J(n)}`,K(n)].filter(t=>t!=="").join(`

`)}function J(n){let{findings:t,checked:r,reasonCode:i}=n;if(i==="nothing-to-do")return"\u26AA Airlock: no migrations to check";if(i!=="clean"&&i!=="findings")return"\u274C Airlock could not check this";if(t.length>0){let o=t.some(s=>s.severity==="error")?$.error:t.some(s=>s.severity==="warning")?$.warning:$.info,d=r?` in ${y(Math.min(j(t),r.migrations))} of ${m(r.migrations,"migration")}`:"";return`${o} Airlock: ${w(t)}${d}`}let e=n.notAnalysed.length;return e>0?`${$.warning} Airlock: no problems found, but ${m(e,"place")} not analysed`:`\u2705 Airlock: no problems found${r?` in ${m(r.migrations,"migration")}`:""}`}function K({checked:n,layout:t,message:r,reasonCode:i}){let e=[];if(r!==void 0&&e.push(`${h(r)} (${x(i)})`),n&&n.migrations>0){let o=n.history>0?`, judged against ${m(n.history,"earlier migration")}`:"",d=t?` \xB7 ${x(t.directory)} read as ${g(t.id)} (${g(t.why,200)})`:"";e.push(`Checked ${m(n.statements,"statement")} in ${m(n.files,"file")}${o}${d}.`)}return e.join(`

`)}function N(n,t,r){let i=(e,o)=>p(`${g(e,200)}:${o}`,t.link?.(e,o,o));return[I("\u26AA Not analysed",n.notAnalysed.map(e=>`${i(e.file,e.line)} \u2014 ${h(e.reason,400)}`),r),I("\u{1F648} Ignores in force",n.ignores.map(e=>`${g(e.ruleId,100)} at ${i(e.file,e.line)}, holding back ${m(e.suppressed,"finding")} \u2014 ${e.reason.trim()===""?"no reason given":`\u201C${g(e.reason,300)}\u201D`}`),r),I("\u2611\uFE0F Suspected, then refuted",n.refuted.map(e=>`${O(e)} at ${i(e.file,e.line)} \u2014 ${h(e.because,400)}`),r)].filter(e=>e!=="")}function q(n){return n.next===void 0?"":`**Next:** ${x(n.next,500)}`}function I(n,t,r){if(t.length===0)return"";let i=t.slice(0,r).map(o=>`- ${o}`);return t.length>r&&i.push(`- \u2026 and ${y(t.length-r)} more`),`<details${t.length<=5?" open":""}><summary>${n} (${y(t.length)})</summary>

${i.join(`
`)}

</details>`}var Q=65536,gn=1048576;function mn(n,t={}){let r=t.maxLength??Q,i=n.findings.toSorted(S).slice(0,Math.ceil(r/60)),e=new Map,o=Math.max(5,Math.floor(r/6e3)),d=[Z(t),E(n)],s=[...N(n,t,o),q(n)],l=(u,B)=>{let Y=V(n,i.slice(0,u),new Set(i.slice(0,B)),e,t);return`${[...d,...Y,...s].filter(D=>D!=="").join(`

`)}
`},f=u=>Buffer.byteLength(u,"utf8")<=r,a=i.length===n.findings.length?l(i.length,i.length):"";if(a!==""&&f(a))return a;let c=L(0,Math.min(i.length,10),u=>f(l(u,u))),M=L(c,i.length,u=>f(l(u,c))),z=L(c,M,u=>f(l(M,u))),R=l(M,z);return f(R)?R:`${[...d,U(n,[],t)].filter(u=>u!=="").join(`

`)}
`}function V(n,t,r,i,e){let o=[];for(let[s,l]of _(t)){o.push(`#### ${p(g(s,300),e.link?.(s,1,1))}`);let f=l.map(c=>P(c,i,e));o.push(["| | Line | Problem |","|:-:|--:|:--|",...f.map(c=>c.row)].join(`
`));let a=l.filter(c=>r.has(c));a.length>0&&o.push(X(a,l.length,i,e))}let d=U(n,t,e);return d!==""?o.push(d):r.size<t.length&&o.push(`_Explained here: the ${r.size} worst of ${t.length}. For the others ${W(e)}._`),o}function X(n,t,r,i){let e=n.length<t?` (the ${n.length} worst)`:"",o=new Set,d=n.map(s=>{let l=P(s,r,i),f=!o.has(`${s.ruleId}
${s.why}`);return o.add(`${s.ruleId}
${s.why}`),[l.title,l.excerpt,f?l.why:"",l.instead,l.rewrite].filter(a=>a!=="").join(`

`)});return`<details><summary>Why, and what to write instead${e}</summary>

${d.join(`

`)}

</details>`}function P(n,t,r){let i=t.get(n);return i||(i={row:v(n,r),...C(n,r)},t.set(n,i)),i}function U(n,t,r){if(t.length===n.findings.length)return"";let i=new Set(t),e=n.findings.filter(o=>!i.has(o));return`**${m(e.length,"more finding")} left out here for length (${w(e)}).** For all of them ${W(r)}.`}function W(n){return n.elsewhere??"run <code>airlock validate</code>"}function Z({marker:n}){return n===void 0?"":`<!-- ${n.replace(/[^\w:./-]/g,"")} -->`}function L(n,t,r){let i=n,e=t;for(;i<e;){let o=Math.ceil((i+e)/2);r(o)?i=o:e=o-1}return i}export{Q as COMMENT_LIMIT,gn as STEP_SUMMARY_LIMIT,mn as renderMarkdown};
