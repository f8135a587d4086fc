import{a}from"./cli-SCUA5WME.js";import"./cli-NESWRYEN.js";import"./cli-Q4F6HSCD.js";export{a as connectPostgres};
