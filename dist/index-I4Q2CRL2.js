import{a,b,c}from"./index-ZCSSCGSA.js";import"./index-7L36IMH4.js";export{b as commandData,c as commandProperty,a as neutralise};
