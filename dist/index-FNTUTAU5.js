var i=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u115f\u1160\u3164\uffa0]|[\u{e0100}-\u{e01ef}]/gu;function u(n){return n.replaceAll(`\r
`,`
`).replace(i,o)}function f(n){return u(n).replace(/\s+/g," ").trim()}function s(n,t){if(n.length<=t)return n;let r=n.slice(0,Math.max(0,t-1));return`${/[\ud800-\udbff]$/.test(r)?r.slice(0,-1):r}\u2026`}function p(n,t){let r=Buffer.from(n,"utf8");if(r.length<=t)return n;let e=Math.max(0,t-3);for(;e>0&&((r[e]??0)&192)===128;)e-=1;return`${r.toString("utf8",0,e)}\u2026`}function o(n){if(n==="	"||n===`
`)return n;let t=n.codePointAt(0)??0;return t<32?String.fromCodePoint(9216+t):t===127?"\u2421":`<U+${t.toString(16).toUpperCase().padStart(4,"0")}>`}export{u as a,f as b,s as c,p as d};
