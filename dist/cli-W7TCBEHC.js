import{e}from"./cli-JYGK7RAN.js";import"./cli-Q4F6HSCD.js";async function d(){e.debug("could not read machine-id: unsupported platform")}export{d as getMachineId};
