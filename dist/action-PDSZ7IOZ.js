var d="-- Airlock snapshot 1",c="-- @sizes ",a="-- }";function l(e){let r=e.replace(/^\uFEFF/," ").split(`
`),s=r.map(n=>n.trimEnd());if(s[0]?.trimStart()!==d||!s[1]?.startsWith(`${c}{`))return;let i=s.findIndex((n,t)=>t>0&&(n===a||t===1&&n.endsWith("}")));if(i===-1)return;let o=r.slice(0,i+1);return{json:o.map((n,t)=>t===0?" ".repeat(n.length):n.replace(t===1?c:/^--/,p)).join(`
`),end:o.join(`
`).length}}function p(e){return" ".repeat(e.length)}export{l as a};
