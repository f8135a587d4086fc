import{a,b}from"./cli-NESWRYEN.js";import"./cli-Q4F6HSCD.js";export{b as ConnectionLost,a as DatabaseError};
