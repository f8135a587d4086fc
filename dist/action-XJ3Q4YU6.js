import{c as a,d as b,e as c,f as d}from"./action-VPWXC5LV.js";import"./action-PQILVBDH.js";import"./action-RIA7MDKD.js";export{b as createRedactor,c as maskedSource,d as redactResult,a as secretsIn};
