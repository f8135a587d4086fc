import{a,b,c,d}from"./cli-OBPFRHXY.js";import"./cli-MRWY277C.js";import"./cli-WBRZW22N.js";import"./cli-Q4F6HSCD.js";export{d as author,a as changedSince,b as contentAt,c as headCommit};
