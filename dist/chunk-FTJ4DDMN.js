import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import{a as l}from"./chunk-EYPC54HH.js";import"./chunk-2VRIZJBM.js";import{createHash as g}from"node:crypto";function i(t){let r=t.startsWith("\uFEFF")?t.slice(1):t;return g("sha256").update(r.replaceAll(`\r
`,`
`),"utf8").digest("hex")}async function w(t,r,d,m){let s=new Map;for(let{up:e,down:o}of r)for(let n of[e,o])n&&s.set(n.file.path,n.file.text);let c=new Set(r.flatMap(l)),a=new Set;for(let e of t.modified){let o=s.get(e);if(!c.has(e)||o===void 0)continue;let n=await m?.(e);(n===void 0||i(n)!==i(o))&&a.add(e)}let f=e=>d===""||e.startsWith(`${d}/`);return{edited:a,added:new Set([...t.added,...t.renamed.map(({to:e})=>e)].filter(f)),removed:[...t.removed,...t.renamed.map(({from:e})=>e)].filter(f)}}export{w as gitFacts};
