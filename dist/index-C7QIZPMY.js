import{a as n}from"./index-2O5IXJRC.js";import{e as i}from"./index-LTLIWWAN.js";import"./index-7L36IMH4.js";async function s(){try{let t=(await n('ioreg -rd1 -c "IOPlatformExpertDevice"')).stdout.split(`
`).find(c=>c.includes("IOPlatformUUID"));if(!t)return;let r=t.split('" = "');if(r.length===2)return r[1].slice(0,-1)}catch(e){i.debug(`error reading machine id: ${e}`)}}export{s as getMachineId};
