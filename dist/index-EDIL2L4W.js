import{e}from"./index-LTLIWWAN.js";import"./index-7L36IMH4.js";async function d(){e.debug("could not read machine-id: unsupported platform")}export{d as getMachineId};
