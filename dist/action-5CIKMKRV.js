import{a,b}from"./action-VQ7JVL7J.js";import"./action-RIA7MDKD.js";export{b as ConnectionLost,a as DatabaseError};
