import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
function a(e){return`AIRLOCK_${r(e).join("_").toUpperCase()}`}function i(e){return`--${r(e).join("-")}`}function r(e){return e.split(/(?=[A-Z])/).map(n=>n.toLowerCase())}function o(e,n){return`${e.replaceAll("-","_").toUpperCase()}_${n}`}function s(e,n){let t=e[n]?.trim();return t===""?void 0:t}export{a,i as b,o as c,s as d};
