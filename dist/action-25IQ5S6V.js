function s(n){return u(n)}function u(n){return`${JSON.stringify(n,void 0,2).replace(/[\x7f-\x9f\p{Cf}\u2028\u2029]/gu,r=>Array.from({length:r.length},(i,e)=>o(r,e)).join("")).replace(new RegExp("(?<=#\\p{M}*)#(?=\\p{M}*\\[)","gu"),String.raw`\u0023`)}
`}function o(n,t){return`\\u${n.charCodeAt(t).toString(16).padStart(4,"0")}`}export{s as a,u as b};
