import{a}from"./index-QJNUOKZZ.js";import"./index-UYGIAKFF.js";import"./index-4AAWCRBH.js";import"./index-VMPLZAQ4.js";import"./index-7L36IMH4.js";export{a as connectPostgres};
