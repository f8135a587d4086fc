import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import{a as c,b as p,c as o}from"./chunk-4YKRFD5D.js";var r="\u2060";function u(n,e=600){return g(o(p(n),e))}function $(n,e=1500){return o(c(n).trim(),e).split(/\n+/).map(t=>t.replace(/\s+/g," ").split(/`([^`]+)`/).map((i,s)=>s%2===1?`<code>${g(i)}</code>`:g(i)).join("")).join("<br>")}function m(n,e=300){return`<code>${u(n,e)}</code>`}function h(n,e){let t=c(n).replaceAll("<!--",`<!${r}--`),i=Math.max(2,...[...t.matchAll(/`+/g)].map(a=>a[0].length)),s="`".repeat(i+1);return`${s}${e}
${t.replace(/\n+$/,"")}
${s}`}function x(n,e){let t=e===void 0?void 0:f(e);return t===void 0?n:`[${n}](${t})`}function f(n){if(!(!/^https?:\/\/[^\s/]/i.test(n)||n.length>2e3))return n.toWellFormed().replace(/[^A-Za-z0-9\-._~:/?#@!$&*+,;=%]/gu,e=>[...Buffer.from(e,"utf8")].map(t=>`%${t.toString(16).toUpperCase().padStart(2,"0")}`).join(""))}function g(n){return n.replace(/[\\`*_[\]~|&<>$@#]/g,l).replace(/:(?=\/\/)/g,`:${r}`).replace(/:(?=[\w+-]+:)/g,`:${r}`).replace(/\bwww(?=\.)/gi,e=>e+r).replace(/\bgh-(?=\d)/gi,e=>e+r)}function l(n){switch(n){case"&":return"&amp;";case"<":return"&lt;";case">":return"&gt;";case"$":return"<span>$</span>";case"@":case"#":return n+r;default:return`\\${n}`}}export{u as a,$ as b,m as c,h as d,x as e};
