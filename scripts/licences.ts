import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  return `Airlock's bundle holds code of these packages.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function licenceText(folder: string): string | undefined {
  const name = readdirSync(folder)
    .sort()
    .find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
  const path = name === undefined ? undefined : join(folder, name);
  return path !== undefined && existsSync(path)
    ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim()
    : undefined;
}
