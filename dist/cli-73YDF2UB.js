import{a,b}from"./cli-OIRRAXSY.js";import"./cli-Q4F6HSCD.js";export{a as renderJson,b as safeJson};
