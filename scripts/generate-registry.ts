import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'src/rules');
const NOT_RULES = new Set(['rule.ts', 'registry.ts', 'examples.ts']);

function ruleIds(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts') && !NOT_RULES.has(name))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
}

function variable(id: string): string {
  return `r_${id.replaceAll('-', '_')}`;
}

/** The text of src/rules/registry.ts: an import for every rule file of the folder, in order of their ids. */
function registrySource(): string {
  const ids = ruleIds();
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

/** The text of src/rules/examples.ts, in the same way. */
function examplesSource(): string {
  const ids = ruleIds();
  return [
    '// Written by scripts/generate-registry.ts from the files of this folder: do not edit.',
    ...ids.map((id) => `import { examples as ${variable(id)} } from './${id}.ts';`),
    "import type { RuleExamples } from './rule.ts';",
    '',
    '/** The examples of every rule by its id. */',
    'export const examples: ReadonlyMap<string, RuleExamples> = new Map([',
    ...ids.map((id) => `  ['${id}', ${variable(id)}],`),
    ']);',
    '',
  ].join('\n');
}

/** Texts of the generated files by their paths below the repository root. */
export function registryFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['src/rules/registry.ts', registrySource()],
    ['src/rules/examples.ts', examplesSource()],
  ]);
}

export function writeRegistry(): void {
  for (const [path, text] of registryFiles()) writeFileSync(join(ROOT, path), text);
}

if (import.meta.main) writeRegistry();
