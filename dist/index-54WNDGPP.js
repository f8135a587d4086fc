import{a,b,c}from"./index-TW2IDW7A.js";import"./index-FNTUTAU5.js";import"./index-7L36IMH4.js";export{b as cleanFields,c as cleanText,a as redactedLog};
