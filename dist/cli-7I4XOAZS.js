import{a,b,c}from"./cli-A3RMM6YM.js";import"./cli-Q4F6HSCD.js";export{b as commandData,c as commandProperty,a as neutralise};
