import{c as a,d as b,e as c,f as d}from"./cli-T3YXLC4Q.js";import"./cli-WBRZW22N.js";import"./cli-Q4F6HSCD.js";export{b as createRedactor,c as maskedSource,d as redactResult,a as secretsIn};
