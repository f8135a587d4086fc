import{a,b,c,d}from"./index-5DSXWCBM.js";import"./index-J32TUID5.js";import"./index-WGADZZ35.js";import"./index-7L36IMH4.js";export{d as author,a as changedSince,b as contentAt,c as headCommit};
