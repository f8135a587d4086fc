#!/usr/bin/env node
import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import"./chunk-2VRIZJBM.js";import{fstatSync as u,writeSync as f}from"node:fs";import m from"node:module";import p from"node:v8";function c(){p.setFlagsFromString("--wasm-tiering-budget=1000000000")}m.enableCompileCache?.();c();var{runProgram:w}=await import("./chunk-2OGJHH3L.js"),a=u(1).isCharacterDevice()?process.stdout:void 0,s={cwd:process.cwd(),env:process.env,print:r=>d(1,r),printError:r=>d(2,r),colour:a?.isTTY===!0&&process.env.NO_COLOR===void 0&&process.env.TERM!=="dumb",width:a?.columns??100,now:()=>new Date};try{process.exitCode=await w(process.argv.slice(2),s)}catch(r){let e=r instanceof Error?r:new Error(String(r));s.printError(`airlock: a defect stopped this run: ${e.message}
`),s.printError(process.env.LOG_LEVEL?.toLowerCase()==="debug"?`${e.stack}
`:`Run it again with LOG_LEVEL=debug for the place, and report it.
`),process.exitCode=2}function d(r,e){let n=Buffer.from(e),t=0;try{for(;t<n.length;)t+=f(r,n,t)}catch(o){let i=o instanceof Error&&"code"in o?o.code:void 0;if(i==="EPIPE")return;if(i!=="EAGAIN")throw o;(r===1?process.stdout:process.stderr).write(n.subarray(t))}}
