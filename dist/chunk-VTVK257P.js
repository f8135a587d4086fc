import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
var e=String.raw`[\p{C}\p{M}]*`,n=String.raw`[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]`,t=new RegExp(`((?:^|${n})[[\\s\\p{C}\\p{M}]--${n}]*:)(?=${e}:)`,"gv"),l=new RegExp(`(#${e}#${e})(?=\\[)`,"gv");function p(r){return r.replace(t,"$1 ").replace(l,"$1 ")}function c(r){return r.replaceAll("%","%25").replaceAll("\r","%0D").replaceAll(`
`,"%0A")}function a(r){return c(r).replaceAll(":","%3A").replaceAll(",","%2C")}export{p as a,c as b,a as c};
