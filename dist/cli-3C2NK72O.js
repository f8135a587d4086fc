import{b as A}from"./cli-3HSO5IVR.js";import{a as m,b as h,c as x,d as k,e as p}from"./cli-DR3JAS46.js";import{b as T,c as S,d as _,e as w,f as g,g as y,h as j}from"./cli-XUV5OOXP.js";import{c as F}from"./cli-GNSMLS6N.js";import"./cli-Q4F6HSCD.js";var $={error:"\u{1F6D1}",warning:"\u26A0\uFE0F",info:"\u2139\uFE0F"};function C(n,e){let r=p(String(n.line),e.link?.(n.file,n.line,n.endLine));return`| ${$[n.severity]} | ${r} | ${h(n.message,600)}<br>${O(n)} |`}function E(n,e){let r=J(n,e);return{title:`**${$[n.severity]} Line ${n.line} \xB7 ${m(n.ruleId,100)}**`,excerpt:r===""?H(n,e):"",why:n.why.trim()===""?"":`**Why:** ${h(n.why)}`,rewrite:r,instead:n.fix.trim()===""?"":`**Instead:** ${h(n.fix)}`}}function O(n){return p(m(n.ruleId,100),n.helpUrl)}function H(n,e){let r=e.source?.(n.file);if(!r)return"";let t=A(r,n,{width:200,context:0,lines:8,redact:e.redact}).map(o=>o.text.trimEnd()).join(`
`);return t.trim()===""?"":k(t,"sql")}var b=20;function J({file:n,replacement:e},r){if(!e)return"";let i=r.source?.(n),t=F(e.text,2e3);if(!i)return k(t,"sql");let o=d=>{let c=d.slice(0,5e3);return r.redact?r.redact(c):c},s=Math.min(e.endLine,e.line+b),l=[];for(let d=e.line;d<=s;d+=1)l.push(i.line(d));let a=o(i.line(e.line).slice(0,e.column-1)),f=o(i.line(e.endLine).slice(e.endColumn-1));return k([...v("-",l.map(o)),...v("+",`${a}${t}${f}`.split(`
`))].join(`
`),"diff")}function v(n,e){let r=e.slice(0,b).map(i=>`${n} ${F(i,300)}`);return e.length>b?[...r,`${n} \u2026`]:r}function N(n){return[`### ${K(n)}`,Q(n)].filter(e=>e!=="").join(`

`)}function K(n){let{findings:e,checked:r,reasonCode:i}=n;if(i==="nothing-to-do")return"\u26AA Airlock: no migrations to check";if(i!=="clean"&&i!=="findings")return"\u274C Airlock could not check this";if(e.length>0){let o=e.some(l=>l.severity==="error")?$.error:e.some(l=>l.severity==="warning")?$.warning:$.info,s=r?` in ${y(Math.min(j(e),r.migrations))} of ${g(r.migrations,"migration")}`:"";return`${o} Airlock: ${w(e)}${s}`}let t=n.notAnalysed.length;return t>0?`${$.warning} Airlock: no problems found, but ${g(t,"place")} not analysed`:`\u2705 Airlock: no problems found${r?` in ${g(r.migrations,"migration")}`:""}`}function Q({checked:n,layout:e,message:r,reasonCode:i}){let t=[];if(r!==void 0&&t.push(`${h(r)} (${x(i)})`),n&&n.migrations>0){let o=n.history>0?`, judged against ${g(n.history,"earlier migration")}`:"",s=e?` \xB7 ${x(e.directory)} read as ${m(e.id)} (${m(e.why,200)})`:"";t.push(`Checked ${g(n.statements,"statement")} in ${g(n.files,"file")}${o}${s}.`)}return t.join(`

`)}function q(n,e,r){let i=(t,o)=>p(`${m(t,200)}:${o}`,e.link?.(t,o,o));return[R("\u26AA Not analysed",_(n.notAnalysed).map(({first:t,more:o,reason:s})=>`${i(t.file,t.line)}${o===0?"":` and ${g(o,"more place")}`} \u2014 ${h(s,400)}`),r,n.notAnalysed.length),R("\u{1F648} Ignores in force",n.ignores.map(t=>`${m(t.ruleId,100)} at ${i(t.file,t.line)}, holding back ${g(t.suppressed,"finding")} \u2014 ${t.reason.trim()===""?"no reason given":`\u201C${m(t.reason,300)}\u201D`}`),r),R("\u2611\uFE0F Suspected, then refuted",n.refuted.map(t=>`${O(t)} at ${i(t.file,t.line)} \u2014 ${h(t.because,400)}`),r)].filter(t=>t!=="")}function P(n){return n.next===void 0?"":`**Next:** ${x(n.next,500)}`}function R(n,e,r,i=e.length){if(e.length===0)return"";let t=e.slice(0,r).map(s=>`- ${s}`);return e.length>r&&t.push(`- \u2026 and ${y(e.length-r)} more`),`<details${e.length<=5?" open":""}><summary>${n} (${y(i)})</summary>

${t.join(`
`)}

</details>`}var V=65536,mn=1048576;function hn(n,e={}){let r=e.maxLength??V,i=n.findings.toSorted(T).slice(0,Math.ceil(r/60)),t=new Map,o=Math.max(5,Math.floor(r/6e3)),s=[nn(e),N(n)],l=[...q(n,e,o),P(n)],a=(u,Y)=>{let D=X(n,i.slice(0,u),new Set(i.slice(0,Y)),t,e);return`${[...s,...D,...l].filter(G=>G!=="").join(`

`)}
`},f=u=>Buffer.byteLength(u,"utf8")<=r,d=i.length===n.findings.length?a(i.length,i.length):"";if(d!==""&&f(d))return d;let c=I(0,Math.min(i.length,10),u=>f(a(u,u))),M=I(c,i.length,u=>f(a(u,c))),B=I(c,M,u=>f(a(M,u))),L=a(M,B);return f(L)?L:`${[...s,W(n,[],e)].filter(u=>u!=="").join(`

`)}
`}function X(n,e,r,i,t){let o=[];for(let[l,a]of S(e)){o.push(`#### ${p(m(l,300),t.link?.(l,1,1))}`);let f=a.map(c=>U(c,i,t));o.push(["| | Line | Problem |","|:-:|--:|:--|",...f.map(c=>c.row)].join(`
`));let d=a.filter(c=>r.has(c));d.length>0&&o.push(Z(d,a.length,i,t))}let s=W(n,e,t);return s!==""?o.push(s):r.size<e.length&&o.push(`_Explained here: the ${r.size} worst of ${e.length}. For the others ${z(t)}._`),o}function Z(n,e,r,i){let t=n.length<e?` (the ${n.length} worst)`:"",o=new Set,s=n.map(l=>{let a=U(l,r,i),f=!o.has(`${l.ruleId}
${l.why}`);return o.add(`${l.ruleId}
${l.why}`),[a.title,a.excerpt,f?a.why:"",a.instead,a.rewrite].filter(d=>d!=="").join(`

`)});return`<details><summary>Why, and what to write instead${t}</summary>

${s.join(`

`)}

</details>`}function U(n,e,r){let i=e.get(n);return i||(i={row:C(n,r),...E(n,r)},e.set(n,i)),i}function W(n,e,r){if(e.length===n.findings.length)return"";let i=new Set(e),t=n.findings.filter(o=>!i.has(o));return`**${g(t.length,"more finding")} left out here for length (${w(t)}).** For all of them ${z(r)}.`}function z(n){return n.elsewhere??"run <code>airlock validate</code>"}function nn({marker:n}){return n===void 0?"":`<!-- ${n.replace(/[^\w:./-]/g,"")} -->`}function I(n,e,r){let i=n,t=e;for(;i<t;){let o=Math.ceil((i+t)/2);r(o)?i=o:t=o-1}return i}export{V as COMMENT_LIMIT,mn as STEP_SUMMARY_LIMIT,hn as renderMarkdown};
