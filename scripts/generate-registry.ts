import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../src/rules/', import.meta.url));
const NOT_RULES = new Set(['rule.ts', 'registry.ts']);

/** The text of src/rules/registry.ts: an import for every rule file of the folder, in order of their ids. */
export function registrySource(): string {
  const ids = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts') && !NOT_RULES.has(name))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
  const variable = (id: string): string => `r_${id.replaceAll('-', '_')}`;
  return [
    '// Written by scripts/generate-registry.ts from the files of this folder: do not edit.',
    "import type { Rule } from './rule.ts';",
    ...ids.map((id) => `import { rule as ${variable(id)} } from './${id}.ts';`),
    '',
    'const all: readonly Rule[] = [',
    ...ids.map((id) => `  ${variable(id)},`),
    '];',
    '',
    '/** Every rule by its id, in order of their ids. */',
    'export const registry: ReadonlyMap<string, Rule> = new Map(all.map((rule) => [rule.id, rule]));',
    '',
  ].join('\n');
}

export function writeRegistry(): void {
  writeFileSync(join(FOLDER, 'registry.ts'), registrySource());
}

if (import.meta.main) writeRegistry();
