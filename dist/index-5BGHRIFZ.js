import{a,b}from"./index-2JAE7UJ2.js";import"./index-7L36IMH4.js";export{a as renderJson,b as safeJson};
