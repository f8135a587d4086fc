#!/usr/bin/env node
import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import"./chunk-2VRIZJBM.js";import i from"node:module";import n from"node:v8";function s(){n.setFlagsFromString("--wasm-tiering-budget=1000000000")}i.enableCompileCache?.();s();var{runProgram:c}=await import("./chunk-DIJO74EN.js"),{stdout:e,stderr:a}=process,o={cwd:process.cwd(),env:process.env,print:r=>{e.write(r)},printError:r=>{a.write(r)},colour:e.isTTY===!0&&process.env.NO_COLOR===void 0&&process.env.TERM!=="dumb",width:e.columns??100,now:()=>new Date};try{process.exitCode=await c(process.argv.slice(2),o)}catch(r){let t=r instanceof Error?r:new Error(String(r));o.printError(`airlock: a defect stopped this run: ${t.message}
`),o.printError(process.env.LOG_LEVEL?.toLowerCase()==="debug"?`${t.stack}
`:`Run it again with LOG_LEVEL=debug for the place, and report it.
`),process.exitCode=2}
