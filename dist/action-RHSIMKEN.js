import{e}from"./action-GCZIW3RK.js";import"./action-RIA7MDKD.js";async function d(){e.debug("could not read machine-id: unsupported platform")}export{d as getMachineId};
