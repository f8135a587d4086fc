import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
import{a,b,c}from"./chunk-VTVK257P.js";import"./chunk-2VRIZJBM.js";export{b as commandData,c as commandProperty,a as neutralise};
