import{a,b,c}from"./index-MSUEDZBS.js";import"./index-ZATE6YZK.js";import"./index-7L36IMH4.js";export{c as chooseBinaries,b as findBinaries,a as usualFolders};
