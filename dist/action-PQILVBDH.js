function l(s,e){for(let t=e-1;t>=0;t--){let n=s[t];if(n===`
`)return!0;if(n!==" "&&n!=="	"&&n!=="\uFEFF")return!1}return!0}var o=class{path;text;#e;constructor(e,t){this.path=e,this.text=t}position(e){let t=this.#t(),n=0,r=t.length-1;for(;n<r;){let i=n+r+1>>1;(t[i]??0)<=e?n=i:r=i-1}return{line:n+1,column:e-(t[n]??0)+1}}line(e){let t=this.#t(),n=t[e-1];return n===void 0?"":this.text.slice(n,t[e]??this.text.length).replace(/\r?\n$/,"")}get lineCount(){return this.#t().length}lineStart(e){return this.#t()[e-1]??this.text.length}#t(){if(!this.#e){let e=[0];for(let t=this.text.indexOf(`
`);t!==-1;t=this.text.indexOf(`
`,t+1))e.push(t+1);this.#e=e}return this.#e}};export{l as a,o as b};
