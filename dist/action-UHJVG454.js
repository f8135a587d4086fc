function t(e){let n=[e.up.file.path,e.down?.file.path,e.verify?.file.path];return[...new Set(n.filter(r=>r!==void 0))]}export{t as a};
