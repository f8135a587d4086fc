import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SOURCE = `
import module from 'node:module';
import v8 from 'node:v8';
import { readdirSync, readFileSync } from 'node:fs';
module.enableCompileCache?.();
v8.setFlagsFromString('--wasm-tier-up-filter=1000001');
v8.setFlagsFromString('--wasm-tiering-budget=1000000000');
const { loadModule, parseSync } = await import('libpg-query');
await loadModule();
const [first, second] = process.argv.slice(2);
const paths = first === '--folder' ? readdirSync(second).map((name) => second + '/' + name) : [second ?? first];
const start = performance.now();
for (const path of paths) parseSync(readFileSync(path, 'utf8'));
if (first === '--time') console.log(performance.now() - start);
`;

/**
 * The unit of the bench: a bundled process that does nothing but load libpg-query and parse, with the same
 * compile cache and V8 setting as Airlock, so that it is as fast as it can be made.
 */
export async function bareParser(folder: string): Promise<string> {
  const outdir = join(folder, 'bare');
  await build({
    stdin: { contents: SOURCE, resolveDir: ROOT, loader: 'js' },
    absWorkingDir: ROOT,
    outdir,
    entryNames: 'bare',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as __r } from 'node:module';import { fileURLToPath as __f } from 'node:url';import { dirname as __p } from 'node:path';const require = __r(import.meta.url);const __filename = __f(import.meta.url);const __dirname = __p(__filename);",
    },
    logLevel: 'warning',
  });
  copyFileSync(
    join(ROOT, 'node_modules/libpg-query/wasm/libpg-query.wasm'),
    join(outdir, 'libpg-query.wasm'),
  );
  writeFileSync(join(outdir, 'package.json'), '{ "type": "module" }');
  return join(outdir, 'bare.js');
}
