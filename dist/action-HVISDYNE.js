import{a,b}from"./action-25IQ5S6V.js";import"./action-RIA7MDKD.js";export{a as renderJson,b as safeJson};
