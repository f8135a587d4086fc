import{d as A,f as v}from"./cli-6NZALM45.js";import{a as m,b as p,c as x,d as k,e as h}from"./cli-DR3JAS46.js";import{b as S,c as T,d as _,e as w,f,g as y,h as j}from"./cli-XUV5OOXP.js";import{c as F}from"./cli-GNSMLS6N.js";import"./cli-WBRZW22N.js";import"./cli-Q4F6HSCD.js";var $={error:"\u{1F6D1}",warning:"\u26A0\uFE0F",info:"\u2139\uFE0F"};function E(n,e){let r=h(String(n.line),e.link?.(n.file,n.line,n.endLine));return`| ${$[n.severity]} | ${r} | ${p(n.message,600)}<br>${O(n)} |`}function N(n,e){let r=K(n,e);return{title:`**${$[n.severity]} Line ${n.line} \xB7 ${m(n.ruleId,100)}**`,excerpt:r===""?J(n,e):"",why:n.why.trim()===""?"":`**Why:** ${p(n.why)}`,rewrite:r,instead:n.fix.trim()===""?"":`**Instead:** ${p(n.fix)}`}}function O(n){return h(m(n.ruleId,100),n.helpUrl)}function J(n,e){let r=e.source?.(n.file);if(!r)return"";let t=v(r,n,{width:200,context:0,lines:8,redact:e.redact}).map(o=>o.text.trimEnd()).join(`
`);return t.trim()===""?"":k(t,"sql")}var b=20;function K({file:n,replacement:e},r){if(!e)return"";let i=r.source?.(n),t=F(e.text,2e3);if(!i)return k(t,"sql");let o=A(i,r.redact),s=d=>d.slice(0,5e3),a=Math.min(e.endLine,e.line+b),l=[];for(let d=e.line;d<=a;d+=1)l.push(o.line(d));let u=s(o.line(e.line).slice(0,e.column-1)),g=s(o.line(e.endLine).slice(e.endColumn-1));return k([...C("-",l.map(s)),...C("+",`${u}${t}${g}`.split(`
`))].join(`
`),"diff")}function C(n,e){let r=e.slice(0,b).map(i=>`${n} ${F(i,300)}`);return e.length>b?[...r,`${n} \u2026`]:r}function q(n){return[`### ${Q(n)}`,V(n)].filter(e=>e!=="").join(`

`)}function Q(n){let{findings:e,checked:r,reasonCode:i}=n;if(i==="nothing-to-do")return"\u26AA Airlock: no migrations to check";if(i!=="clean"&&i!=="findings")return"\u274C Airlock could not check this";if(e.length>0){let o=e.some(a=>a.severity==="error")?$.error:e.some(a=>a.severity==="warning")?$.warning:$.info,s=r?` in ${y(Math.min(j(e),r.migrations))} of ${f(r.migrations,"migration")}`:"";return`${o} Airlock: ${w(e)}${s}`}let t=n.notAnalysed.length;return t>0?`${$.warning} Airlock: no problems found, but ${f(t,"place")} not analysed`:`\u2705 Airlock: no problems found${r?` in ${f(r.migrations,"migration")}`:""}`}function V({checked:n,layout:e,message:r,reasonCode:i}){let t=[];if(r!==void 0&&t.push(`${p(r)} (${x(i)})`),n&&n.migrations>0){let o=n.history>0?`, judged against ${f(n.history,"earlier migration")}`:"",s=e?` \xB7 ${x(e.directory)} read as ${m(e.id)} (${m(e.why,200)})`:"";t.push(`Checked ${f(n.statements,"statement")} in ${f(n.files,"file")}${o}${s}.`)}return t.join(`

`)}function P(n,e,r){let i=(t,o)=>h(`${m(t,200)}:${o}`,e.link?.(t,o,o));return[R("\u26AA Not analysed",_(n.notAnalysed).map(({first:t,more:o,reason:s})=>`${i(t.file,t.line)}${o===0?"":` and ${f(o,"more place")}`} \u2014 ${p(s,400)}`),r,n.notAnalysed.length),R("\u{1F648} Ignores in force",n.ignores.map(t=>`${m(t.ruleId,100)} at ${i(t.file,t.line)}, holding back ${f(t.suppressed,"finding")} \u2014 ${t.reason.trim()===""?"no reason given":`\u201C${m(t.reason,300)}\u201D`}`),r),R("\u2611\uFE0F Suspected, then refuted",n.refuted.map(t=>`${O(t)} at ${i(t.file,t.line)} \u2014 ${p(t.because,400)}`),r)].filter(t=>t!=="")}function U(n){return n.next===void 0?"":`**Next:** ${x(n.next,500)}`}function R(n,e,r,i=e.length){if(e.length===0)return"";let t=e.slice(0,r).map(s=>`- ${s}`);return e.length>r&&t.push(`- \u2026 and ${y(e.length-r)} more`),`<details${e.length<=5?" open":""}><summary>${n} (${y(i)})</summary>

${t.join(`
`)}

</details>`}var X=65536,hn=1048576;function $n(n,e={}){let r=e.maxLength??X,i=n.findings.toSorted(S).slice(0,Math.ceil(r/60)),t=new Map,o=Math.max(5,Math.floor(r/6e3)),s=[en(e),q(n)],a=[...P(n,e,o),U(n)],l=(c,D)=>{let G=Z(n,i.slice(0,c),new Set(i.slice(0,D)),t,e);return`${[...s,...G,...a].filter(H=>H!=="").join(`

`)}
`},u=c=>Buffer.byteLength(c,"utf8")<=r,g=i.length===n.findings.length?l(i.length,i.length):"";if(g!==""&&u(g))return g;let d=I(0,Math.min(i.length,10),c=>u(l(c,c))),M=I(d,i.length,c=>u(l(c,d))),Y=I(d,M,c=>u(l(M,c))),L=l(M,Y);return u(L)?L:`${[...s,z(n,[],e)].filter(c=>c!=="").join(`

`)}
`}function Z(n,e,r,i,t){let o=[];for(let[a,l]of T(e)){o.push(`#### ${h(m(a,300),t.link?.(a,1,1))}`);let u=l.map(d=>W(d,i,t));o.push(["| | Line | Problem |","|:-:|--:|:--|",...u.map(d=>d.row)].join(`
`));let g=l.filter(d=>r.has(d));g.length>0&&o.push(nn(g,l.length,i,t))}let s=z(n,e,t);return s!==""?o.push(s):r.size<e.length&&o.push(`_Explained here: the ${r.size} worst of ${e.length}. For the others ${B(t)}._`),o}function nn(n,e,r,i){let t=n.length<e?` (the ${n.length} worst)`:"",o=new Set,s=n.map(a=>{let l=W(a,r,i),u=!o.has(`${a.ruleId}
${a.why}`);return o.add(`${a.ruleId}
${a.why}`),[l.title,l.excerpt,u?l.why:"",l.instead,l.rewrite].filter(g=>g!=="").join(`

`)});return`<details><summary>Why, and what to write instead${t}</summary>

${s.join(`

`)}

</details>`}function W(n,e,r){let i=e.get(n);return i||(i={row:E(n,r),...N(n,r)},e.set(n,i)),i}function z(n,e,r){if(e.length===n.findings.length)return"";let i=new Set(e),t=n.findings.filter(o=>!i.has(o));return`**${f(t.length,"more finding")} left out here for length (${w(t)}).** For all of them ${B(r)}.`}function B(n){return n.elsewhere??"run <code>airlock validate</code>"}function en({marker:n}){return n===void 0?"":`<!-- ${n.replace(/[^\w:./-]/g,"")} -->`}function I(n,e,r){let i=n,t=e;for(;i<t;){let o=Math.ceil((i+t)/2);r(o)?i=o:t=o-1}return i}export{X as COMMENT_LIMIT,hn as STEP_SUMMARY_LIMIT,$n as renderMarkdown};
