import{a,b}from"./cli-QVIXIGF3.js";import"./cli-Q4F6HSCD.js";export{b as ConnectionLost,a as DatabaseError};
