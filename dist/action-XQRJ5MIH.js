import{a,b,c,d}from"./action-O56NCSTA.js";import"./action-DKBEMPG2.js";import"./action-PQILVBDH.js";import"./action-RIA7MDKD.js";export{d as author,a as changedSince,b as contentAt,c as headCommit};
