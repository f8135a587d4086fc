import{c as r}from"./cli-AZBYRX3H.js";function d(t,n,i){return t.write?.(i).map(({path:e,text:o})=>({path:r(n,e),text:o===""||o.endsWith(`
`)?o:`${o}
`}))}export{d as a};
