import{a}from"./action-LVBPEINP.js";import"./action-E2XEQLJM.js";import"./action-QLFDJXGN.js";import"./action-VQ7JVL7J.js";import"./action-RIA7MDKD.js";export{a as connectPostgres};
