import{a,b,c}from"./action-4FZRRP6S.js";import"./action-6DHCYTVX.js";import"./action-RIA7MDKD.js";export{b as cleanFields,c as cleanText,a as redactedLog};
