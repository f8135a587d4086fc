import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SOURCE = `
import module from 'node:module';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
module.enableCompileCache?.();
const { default: pg } = await import('pg');
const [folder, url] = process.argv.slice(2);
const hashes = readdirSync(folder).map((name) => createHash('sha256').update(readFileSync(folder + '/' + name)).digest('hex'));
const client = new pg.Client(url);
await client.connect();
const { rows } = await client.query('SELECT migration_id FROM _migration_history');
await client.end();
if (rows.length !== hashes.length) throw new Error(rows.length + ' rows and ' + hashes.length + ' files');
`;

/**
 * The unit of a run that has nothing to do: a bundled process that loads pg, reads and hashes the files and selects
 * the ids, and does nothing with them.
 */
export async function bareHistory(folder: string): Promise<string> {
  const outdir = join(folder, 'bare-history');
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
    external: ['pg-native'],
    banner: {
      js: "import { createRequire as __r } from 'node:module';const require = __r(import.meta.url);",
    },
    logLevel: 'warning',
  });
  writeFileSync(join(outdir, 'package.json'), '{ "type": "module" }');
  return join(outdir, 'bare.js');
}
