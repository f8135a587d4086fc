import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
function t(e){let n=[e.up.file.path,e.down?.file.path,e.verify?.file.path];return[...new Set(n.filter(r=>r!==void 0))]}export{t as a};
