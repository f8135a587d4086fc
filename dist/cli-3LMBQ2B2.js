import{a,b,c}from"./cli-B73QLX75.js";import"./cli-FP7FUPVB.js";import"./cli-Q4F6HSCD.js";export{c as chooseBinaries,b as findBinaries,a as usualFolders};
