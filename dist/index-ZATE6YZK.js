var n={PATH:"/usr/local/bin:/usr/bin:/bin",LC_ALL:"C",TZ:"UTC"};export{n as a};
