import{a,b,c}from"./action-EF55CVIE.js";import"./action-RIA7MDKD.js";export{b as commandData,c as commandProperty,a as neutralise};
