import{a as n}from"./cli-DMZ7WR4Z.js";import{e as i}from"./cli-JYGK7RAN.js";import"./cli-Q4F6HSCD.js";async function s(){try{let t=(await n('ioreg -rd1 -c "IOPlatformExpertDevice"')).stdout.split(`
`).find(c=>c.includes("IOPlatformUUID"));if(!t)return;let r=t.split('" = "');if(r.length===2)return r[1].slice(0,-1)}catch(e){i.debug(`error reading machine id: ${e}`)}}export{s as getMachineId};
