import{v as f}from"./cli-EHXZLVOC.js";import{a as c,b as e}from"./cli-GNSMLS6N.js";var u={ok:"ok     ",warning:"warning",failed:"FAILED ",unknown:"unknown"};function g({environment:r,checks:o}){let h=Math.max(...o.map(({name:n})=>n.length)),m=o.flatMap(({name:n,status:t,message:i,details:s=[],next:l})=>[`  ${u[t]}  ${n.padEnd(h)}  ${f(e(i))}`,...t==="ok"&&s.length>3?[]:s.map(p=>`             - ${e(p)}`),...l===void 0?[]:[`             next: ${c(l)}`]]),a=["failed","warning","unknown"].flatMap(n=>{let t=o.filter(i=>i.status===n).length;return t>0?[`${t} ${n}`]:[]});return`${r===void 0?"the database":e(r)}:
${m.join(`
`)}
${a.length===0?"all is well":a.join(", ")}
`}export{g as a};
