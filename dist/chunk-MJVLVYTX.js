import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);
var s=class{path;text;#n;constructor(n,t){this.path=n,this.text=t}position(n){let t=this.#t(),e=0,r=t.length-1;for(;e<r;){let i=e+r+1>>1;(t[i]??0)<=n?e=i:r=i-1}return{line:e+1,column:n-(t[e]??0)+1}}line(n){let t=this.#t(),e=t[n-1];return e===void 0?"":this.text.slice(e,t[n]??this.text.length).replace(/\r?\n$/,"")}get lineCount(){return this.#t().length}lineStart(n){return this.#t()[n-1]??this.text.length}#t(){if(!this.#n){let n=[0];for(let t=this.text.indexOf(`
`);t!==-1;t=this.text.indexOf(`
`,t+1))n.push(t+1);this.#n=n}return this.#n}};export{s as a};
