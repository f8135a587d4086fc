import{a}from"./cli-BWRIOGG4.js";import"./cli-4DYDIH4T.js";import"./cli-4PFGHPTE.js";import"./cli-QVIXIGF3.js";import"./cli-Q4F6HSCD.js";export{a as connectPostgres};
