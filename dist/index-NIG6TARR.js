import{B as a,E as n,p as o,s as t}from"./index-H3UGKX3W.js";var l={done:0,findings:1,usage:2,failed:3,leaseHeld:4,approvalRequired:5,disagrees:6,unreachable:7,interrupted:130};function y(e,d,r){for(let i of d)e.printError(`error: ${i}
`);return r!==void 0&&e.printError(`next: ${r}
`),l.usage}var g="correct what is named above and type the command again",m=n(o()),p=n(t());function u(e){return n(a(e))}export{l as a,y as b,g as c,m as d,p as e,u as f};
