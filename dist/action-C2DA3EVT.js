import{a,b,c}from"./action-XOCKL5BR.js";import"./action-UY4VSG3A.js";import"./action-RIA7MDKD.js";export{c as chooseBinaries,b as findBinaries,a as usualFolders};
