import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import{b as R}from"./chunk-ZUUIX6ZJ.js";import{a as f,b as h,c as x,d as k,e as p}from"./chunk-BEBNCBSA.js";import{c as M}from"./chunk-4YKRFD5D.js";import{b as T,c as S,d as w,e as m,f as y,g as _}from"./chunk-3OTBMBGY.js";import"./chunk-O6IRRY23.js";var $={error:"\u{1F6D1}",warning:"\u26A0\uFE0F",info:"\u2139\uFE0F"};function A(n,e){let r=p(String(n.line),e.link?.(n.file,n.line,n.endLine));return`| ${$[n.severity]} | ${r} | ${h(n.message,600)}<br>${O(n)} |`}function v(n,e){let r=Y(n,e);return{title:`**${$[n.severity]} Line ${n.line} \xB7 ${f(n.ruleId,100)}**`,excerpt:r===""?B(n,e):"",why:n.why.trim()===""?"":`**Why:** ${h(n.why)}`,rewrite:r,instead:n.fix.trim()===""?"":`**Instead:** ${h(n.fix)}`}}function O(n){return p(f(n.ruleId,100),n.helpUrl)}function B(n,e){let r=e.source?.(n.file);if(!r)return"";let t=R(r,n,{width:200,context:0,lines:8,redact:e.redact}).map(o=>o.text.trimEnd()).join(`
`);return t.trim()===""?"":k(t,"sql")}var F=20;function Y({file:n,replacement:e},r){if(!e)return"";let i=r.source?.(n),t=M(e.text,2e3);if(!i)return k(t,"sql");let o=u=>{let g=u.slice(0,5e3);return r.redact?r.redact(g):g},l=Math.min(e.endLine,e.line+F),s=[];for(let u=e.line;u<=l;u+=1)s.push(i.line(u));let a=o(i.line(e.line).slice(0,e.column-1)),c=o(i.line(e.endLine).slice(e.endColumn-1));return k([...j("-",s.map(o)),...j("+",`${a}${t}${c}`.split(`
`))].join(`
`),"diff")}function j(n,e){let r=e.slice(0,F).map(i=>`${n} ${M(i,300)}`);return e.length>F?[...r,`${n} \u2026`]:r}function L(n){return[`### ${D(n)}`,G(n)].filter(e=>e!=="").join(`

`)}function D(n){let{findings:e,checked:r,reasonCode:i}=n;if(i==="nothing-to-do")return"\u26AA Airlock: no migrations to check";if(i!=="clean"&&i!=="findings")return"\u274C Airlock could not check this";if(e.length>0){let o=e.some(s=>s.severity==="error")?$.error:e.some(s=>s.severity==="warning")?$.warning:$.info,l=r?` in ${y(Math.min(_(e),r.migrations))} of ${m(r.migrations,"migration")}`:"";return`${o} Airlock: ${w(e)}${l}`}let t=n.notAnalysed.length;return t>0?`${$.warning} Airlock: no problems found, but ${m(t,"place")} not analysed`:`\u2705 Airlock: no problems found${r?` in ${m(r.migrations,"migration")}`:""}`}function G({checked:n,layout:e,message:r,reasonCode:i}){let t=[];if(r!==void 0&&t.push(`${h(r)} (${x(i)})`),n&&n.migrations>0){let o=n.history>0?`, judged against ${m(n.history,"earlier migration")}`:"",l=e?` \xB7 ${x(e.directory)} read as ${f(e.id)} (${f(e.why,200)})`:"";t.push(`Checked ${m(n.statements,"statement")} in ${m(n.files,"file")}${o}${l}.`)}return t.join(`

`)}function C(n,e,r){let i=(t,o)=>p(`${f(t,200)}:${o}`,e.link?.(t,o,o));return[b("\u26AA Not analysed",n.notAnalysed.map(t=>`${i(t.file,t.line)} \u2014 ${h(t.reason,400)}`),r),b("\u{1F648} Ignores in force",n.ignores.map(t=>`${f(t.ruleId,100)} at ${i(t.file,t.line)}, holding back ${m(t.suppressed,"finding")} \u2014 ${t.reason.trim()===""?"no reason given":`\u201C${f(t.reason,300)}\u201D`}`),r),b("\u2611\uFE0F Suspected, then refuted",n.refuted.map(t=>`${O(t)} at ${i(t.file,t.line)} \u2014 ${h(t.because,400)}`),r)].filter(t=>t!=="")}function E(n){return n.next===void 0?"":`**Next:** ${x(n.next,500)}`}function b(n,e,r){if(e.length===0)return"";let i=e.slice(0,r).map(o=>`- ${o}`);return e.length>r&&i.push(`- \u2026 and ${y(e.length-r)} more`),`<details${e.length<=5?" open":""}><summary>${n} (${y(e.length)})</summary>

${i.join(`
`)}

</details>`}var N=65536,an=1048576;function dn(n,e={}){let r=e.maxLength??N,i=n.findings.toSorted(T).slice(0,Math.ceil(r/60)),t=new Map,o=(d,z)=>H(n,i.slice(0,d),new Set(i.slice(0,z)),t,e),l=d=>Buffer.byteLength(d,"utf8")<=r,s=i.length===n.findings.length?o(i.length,i.length):"";if(s!==""&&l(s))return s;let a=I(0,Math.min(i.length,10),d=>l(o(d,d))),c=I(a,i.length,d=>l(o(d,a))),u=I(a,c,d=>l(o(c,d))),g=o(c,u);return l(g)?g:`${[W(e),L(n),P(n,[],e)].filter(Boolean).join(`

`)}
`}function H(n,e,r,i,t){let o=[W(t),L(n)];for(let[a,c]of S(e)){o.push(`#### ${p(f(a,300),t.link?.(a,1,1))}`);let u=c.map(d=>q(d,i,t));o.push(["| | Line | Problem |","|:-:|--:|:--|",...u.map(d=>d.row)].join(`
`));let g=c.filter(d=>r.has(d));g.length>0&&o.push(J(g,c.length,i,t))}let l=P(n,e,t);l!==""?o.push(l):r.size<e.length&&o.push(`_Explained here: the ${r.size} worst of ${e.length}. For the others ${U(t)}._`);let s=Math.max(5,Math.floor((t.maxLength??N)/6e3));return o.push(...C(n,t,s),E(n)),`${o.filter(a=>a!=="").join(`

`)}
`}function J(n,e,r,i){let t=n.length<e?` (the ${n.length} worst)`:"",o=new Set,l=n.map(s=>{let a=q(s,r,i),c=!o.has(`${s.ruleId}
${s.why}`);return o.add(`${s.ruleId}
${s.why}`),[a.title,a.excerpt,c?a.why:"",a.instead,a.rewrite].filter(u=>u!=="").join(`

`)});return`<details><summary>Why, and what to write instead${t}</summary>

${l.join(`

`)}

</details>`}function q(n,e,r){let i=e.get(n);return i||(i={row:A(n,r),...v(n,r)},e.set(n,i)),i}function P(n,e,r){if(e.length===n.findings.length)return"";let i=new Set(e),t=n.findings.filter(o=>!i.has(o));return`**${m(t.length,"more finding")} left out here for length (${w(t)}).** For all of them ${U(r)}.`}function U(n){return n.elsewhere??"run <code>airlock validate</code>"}function W({marker:n}){return n===void 0?"":`<!-- ${n.replace(/[^\w:./-]/g,"")} -->`}function I(n,e,r){let i=n,t=e;for(;i<t;){let o=Math.ceil((i+t)/2);r(o)?i=o:t=o-1}return i}export{N as COMMENT_LIMIT,an as STEP_SUMMARY_LIMIT,dn as renderMarkdown};
