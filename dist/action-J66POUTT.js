var a="-- Airlock snapshot 1",c="-- @sizes ",p="-- }";function l(t){let r=t.replace(/^\uFEFF/," ").split(`
`),e=r.map(n=>n.trimEnd());if(e[0]?.trimStart()!==a||!e[1]?.startsWith(`${c}{`))return;let i=e.findIndex((n,s)=>s>0&&(n===p||s===1&&n.endsWith("}")));if(i===-1)return;let o=r.slice(0,i+1);return{json:o.map((n,s)=>s===0?" ".repeat(n.length):n.replace(s===1?c:/^--/,u)).join(`
`),end:o.join(`
`).length}}function u(t){return" ".repeat(t.length)}function f(t,r){let[e="{",...i]=JSON.stringify(t,void 0,2).split(`
`);return`${[a,`${c}${e}`,...i.map(d=>`-- ${d}`)].join(`
`)}

${r.trim()}
`}export{l as a,f as b};
