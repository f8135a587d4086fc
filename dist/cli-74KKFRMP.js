import{a,b,c}from"./cli-XOHAF3DV.js";import"./cli-GNSMLS6N.js";import"./cli-Q4F6HSCD.js";export{b as cleanFields,c as cleanText,a as redactedLog};
