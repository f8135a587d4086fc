import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
var i={error:0,warning:1,info:2};function u(r,n){return o(r.file,n.file)||r.line-n.line||r.column-n.column||i[r.severity]-i[n.severity]||o(r.ruleId,n.ruleId)||o(r.message,n.message)}function g(r,n){return i[r.severity]-i[n.severity]||u(r,n)}function c(r){let n=new Map;for(let e of r.toSorted(u)){let t=n.get(e.file);t?t.push(e):n.set(e.file,[e])}return n}function d(r){let n={error:0,warning:0,info:0};for(let e of r)n[e.severity]+=1;return[n.error&&s(n.error,"error"),n.warning&&s(n.warning,"warning"),n.info&&`${a(n.info)} info`].filter(Boolean).join(", ")}function s(r,n){return`${a(r)} ${n}${r===1?"":"s"}`}function a(r){return String(r).replace(/\B(?=(?:\d{3})+$)/g,",")}function f(r){return new Set(r.map(n=>n.migrationId??n.file)).size}function o(r,n){return r<n?-1:r>n?1:0}export{u as a,g as b,c,d,s as e,a as f,f as g};
