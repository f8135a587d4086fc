import{c as a,d as b,e as c,f as d}from"./index-BDRPSSLJ.js";import"./index-WGADZZ35.js";import"./index-7L36IMH4.js";export{b as createRedactor,c as maskedSource,d as redactResult,a as secretsIn};
