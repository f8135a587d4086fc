import{a,b}from"./index-VMPLZAQ4.js";import"./index-7L36IMH4.js";export{b as ConnectionLost,a as DatabaseError};
