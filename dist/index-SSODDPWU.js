import t from"node:crypto";function i(r){let s=r.startsWith("\uFEFF")?r.slice(1):r;return n(s.replaceAll(`\r
`,`
`))}function n(r){return typeof t.hash=="function"?t.hash("sha256",r,"hex"):t.createHash("sha256").update(r,"utf8").digest("hex")}export{i as a};
