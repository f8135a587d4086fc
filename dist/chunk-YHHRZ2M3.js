import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import{a as o,b as p,c as i}from"./chunk-4YKRFD5D.js";var r="\u2060";function u(e,n=600){return a(i(p(i(e,n*4)),n))}function $(e,n=1500){return i(o(i(e,n*4)).trim(),n).split(/\n+/).map(t=>t.replace(/\s+/g," ").split(/`([^`]+)`/).map((s,c)=>c%2===1?`<code>${a(s)}</code>`:a(s)).join("")).join("<br>")}function m(e,n=300){return`<code>${u(e,n)}</code>`}function x(e,n){let t=o(e).replaceAll("<!--",`<!${r}--`),s=Math.max(2,...[...t.matchAll(/`+/g)].map(g=>g[0].length)),c="`".repeat(s+1);return`${c}${n}
${t.replace(/\n+$/,"")}
${c}`}function b(e,n){let t=n===void 0?void 0:f(n);return t===void 0?e:`[${e}](${t})`}function f(e){if(!(!/^https?:\/\/[^\s/]/i.test(e)||e.length>2e3||!URL.canParse(e)))return e.toWellFormed().replace(/[^A-Za-z0-9\-._~:/?#@!$&*+,;=%]/gu,n=>[...Buffer.from(n,"utf8")].map(t=>`%${t.toString(16).toUpperCase().padStart(2,"0")}`).join(""))}function a(e){return e.replace(/[\\`*_[\]~|&<>$@#]/g,d).replace(/:(?=\/\/)/g,`:${r}`).replace(/:(?=[\w+-]+:)/g,`:${r}`).replace(/\bwww(?=\.)/gi,n=>n+r).replace(/\bgh-(?=\d)/gi,n=>n+r)}function d(e){switch(e){case"&":return"&amp;";case"<":return"&lt;";case">":return"&gt;";case"$":return"<span>$</span>";case"@":case"#":return e+r;default:return`\\${e}`}}export{u as a,$ as b,m as c,x as d,b as e,f};
