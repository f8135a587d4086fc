import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import{b as f}from"./chunk-INJUJ26H.js";import{a as l}from"./chunk-4YKRFD5D.js";function a(e,i){let t=[];for(let c of l(e).trim().split(`
`)){let n="",s=0;for(let r of c.split(/\s+/).filter(Boolean)){let o=f(r);n!==""&&s+1+o>i?(t.push(n),n=r,s=o):(s+=o+(n===""?0:1),n=n===""?r:`${n} ${r}`)}t.push(n)}return t}function d(e,i){let t=l(e).replace(/\s+/g," ").trim();if(t.length<=i)return t;let n=[...t.matchAll(/[.!?](?= [A-Z"])/g)].map(r=>r.index+1).findLast(r=>r<=i);if(n!==void 0)return t.slice(0,n);let s=t.lastIndexOf(" ",i-1);return`${t.slice(0,s>0?s:i-1)}\u2026`}export{a,d as b};
