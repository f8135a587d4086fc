import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import{b as p,d as y,e as L}from"./chunk-3OTBMBGY.js";import{a,b as w,c as $,d as u}from"./chunk-4YKRFD5D.js";import{a as c,b as h,c as _}from"./chunk-VTVK257P.js";import"./chunk-2VRIZJBM.js";var m=10,v={error:"error",warning:"warning",info:"notice"},k={error:"failure",warning:"warning",info:"notice"},f=64*1024;function M(n){let t=b(n,m),e=n.length-t.length===0?t:b(n,m-1),o=e.map(A);if(e.length<n.length){let s=new Set(e),r=n.filter(l=>!s.has(l)),i=`${L(r.length,"more finding")} (${y(r)}) not shown as annotations: GitHub shows ten of a level for one step. The step summary has them.`;o.push(`::notice title=Airlock::${h(i)}`)}return o}function b(n,t){let e={error:m,warning:m,info:t};return n.toSorted(p).filter(o=>(e[o.severity]-=1,e[o.severity]>=0))}function A(n){let{line:t,endLine:e,column:o,endColumn:s}=x(n),r=[["title",F(n)]];n.file!==""&&(r.unshift(["file",a(n.file)],["line",`${t}`],["endLine",`${e}`]),o!==void 0&&r.push(["col",`${o}`],["endColumn",`${s}`]));let i=r.map(([l,d])=>`${l}=${_(c(d))}`).join(",");return`::${v[n.severity]} ${i}::${h(u(C(n),f))}`}function O(n,t){return n.toSorted(p).map(e=>{let{line:o,endLine:s,column:r,endColumn:i}=x(e),d=[t?.(e),`Why: ${e.why}`].filter(g=>g!==void 0&&g.trim()!=="");return{path:e.file,start_line:o,end_line:s,...r===void 0||i===void 0?{}:{start_column:r,end_column:i},annotation_level:k[e.severity],message:u(C(e),f),title:$(F(e),255),raw_details:u(a(d.join(`

`)),f)}})}function x(n){let t=Math.max(1,n.line),e=Math.max(t,n.endLine);if(e!==t)return{line:t,endLine:e};let o=Math.max(1,n.column);return{line:t,endLine:e,column:o,endColumn:Math.max(o,n.endColumn-1)}}function F(n){return w(n.ruleId)}function C(n){let t=[n.message,n.fix===""?"":`Instead: ${n.fix}`,n.helpUrl];return c(a(t.filter(e=>e.trim()!=="").join(`
`)))}function D(n,t){let e=M(n.findings);return t!==""&&e.push(c(t)),e.length===0?"":`${e.join(`
`)}
`}export{O as checkAnnotations,D as renderAnnotations,M as workflowCommands};
