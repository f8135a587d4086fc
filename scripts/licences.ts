import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** Licence texts of every package that went into the bundle; `inputs` are esbuild's, relative to `root`. */
export function licences(root: string, inputs: readonly string[]): string {
  const folders = new Set<string>();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match?.[1]) folders.add(match[1]);
  }
  const parts = [...folders].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
    if (manifest.license === undefined)
      throw new Error(`${manifest.name} names no licence in its package.json: it must not be bundled.`);
    return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${licenceText(join(root, folder)) ?? 'No licence file in the package.'}`;
  });
  // PGlite's package names its own licence alone; its WebAssembly and its extensions are PostgreSQL, and pgvector has the same licence.
  const server = readFileSync(join(root, 'scripts/postgresql-licence.txt'), 'utf8').replaceAll('\r\n', '\n');
  parts.push(
    `PostgreSQL (PostgreSQL), in pglite.wasm, pglite.data and extensions/, pgvector (vector.tar.gz) among them\n\n${server.trim()}`,
  );
  return `Airlock's bundle holds code of these packages.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Of a file of its own, else of the section that some packages give it in their README. */
function licenceText(folder: string): string | undefined {
  const entries = readdirSync(folder).sort();
  const read = (name: string): string =>
    readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim();
  const file = entries.find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
  if (file !== undefined) return read(file);
  const readme = entries.find((entry) => /^readme/i.test(entry));
  return readme === undefined ? undefined : /^#+ *licen[cs]e\n([^#]+)/im.exec(read(readme))?.[1]?.trim();
}
