import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import{a as o,b as a,c as i}from"./chunk-4YKRFD5D.js";var r="\u2060";function u(n,e=600){return p(i(a(i(n,e*4)),e))}function $(n,e=1500){return i(o(i(n,e*4)).trim(),e).split(/\n+/).map(t=>t.replace(/\s+/g," ").split(/`([^`]+)`/).map((s,c)=>c%2===1?`<code>${p(s)}</code>`:p(s)).join("")).join("<br>")}function m(n,e=300){return`<code>${u(n,e)}</code>`}function x(n,e){let t=o(n).replaceAll("<!--",`<!${r}--`),s=Math.max(2,...[...t.matchAll(/`+/g)].map(g=>g[0].length)),c="`".repeat(s+1);return`${c}${e}
${t.replace(/\n+$/,"")}
${c}`}function b(n,e){let t=e===void 0?void 0:f(e);return t===void 0?n:`[${n}](${t})`}function f(n){if(!(!/^https?:\/\/[^\s/]/i.test(n)||n.length>2e3))return n.toWellFormed().replace(/[^A-Za-z0-9\-._~:/?#@!$&*+,;=%]/gu,e=>[...Buffer.from(e,"utf8")].map(t=>`%${t.toString(16).toUpperCase().padStart(2,"0")}`).join(""))}function p(n){return n.replace(/[\\`*_[\]~|&<>$@#]/g,d).replace(/:(?=\/\/)/g,`:${r}`).replace(/:(?=[\w+-]+:)/g,`:${r}`).replace(/\bwww(?=\.)/gi,e=>e+r).replace(/\bgh-(?=\d)/gi,e=>e+r)}function d(n){switch(n){case"&":return"&amp;";case"<":return"&lt;";case">":return"&gt;";case"$":return"<span>$</span>";case"@":case"#":return n+r;default:return`\\${n}`}}export{u as a,$ as b,m as c,x as d,b as e};
