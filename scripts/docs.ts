import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workflowText } from '../src/configuration/templates.ts';
import { commandsPage, commandsTable } from './docs/commands-page.ts';
import { layoutsPage, layoutsTable } from './docs/layouts-page.ts';
import { picture } from './docs/picture.ts';
import { ruleIndex, rulePage, ruleSummary } from './docs/rule-pages.ts';
import { registryFiles, writeRegistry } from './generate-registry.ts';
import { readMeasured } from './measure/measured-document.ts';
import { withActionTables } from './readme-tables.ts';
import { configurationDocs } from './write-configuration-docs.ts';
import { resultJsonSchema } from './write-schema.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every generated file with the text it should have, by path relative to the repository. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>(registryFiles());
  const { examples } = await import('../src/rules/examples.ts');
  const { registry } = await import('../src/rules/registry.ts');
  const measured = readMeasured();
  for (const rule of registry.values())
    files.set(
      `docs/rules/${rule.id}.md`,
      rulePage(rule, examples.get(rule.id) ?? { bad: [], good: [] }, {
        servers: measured.servers,
        examples: measured.rules[rule.id] ?? [],
      }),
    );
  files.set('docs/rules/README.md', ruleIndex([...registry.values()]));
  files.set('docs/layouts.md', layoutsPage());
  files.set('docs/commands.md', commandsPage());
  files.set('docs/result.schema.json', resultJsonSchema());
  for (const [path, text] of Object.entries(configurationDocs(read('docs/configuration.md'))))
    files.set(path, text);
  files.set('docs/images/pull-request.svg', await picture());
  const tables = {
    commands: commandsTable(),
    layouts: layoutsTable(),
    workflow: `\`\`\`yaml\n${workflowText()}\`\`\``,
    rules: ruleSummary([...registry.values()]),
  };
  files.set(
    'README.md',
    Object.entries(tables).reduce(
      (page, [name, text]) => between(page, name, text),
      withActionTables(read('README.md')),
    ),
  );
  return files;
}

/** Paths whose text is not what it should be, and pages of rules that are gone. */
export async function staleFiles(): Promise<string[]> {
  const files = await generatedFiles();
  const stale = [...files]
    .filter(([path, text]) => !existsSync(join(ROOT, path)) || read(path) !== text)
    .map(([path]) => path);
  return [...stale, ...orphans(files)];
}

function orphans(files: ReadonlyMap<string, string>): string[] {
  const folder = join(ROOT, 'docs/rules');
  const there = existsSync(folder) ? readdirSync(folder).map((name) => `docs/rules/${name}`) : [];
  return there.filter((path) => !files.has(path));
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Puts generated text between `<!-- name -->` and `<!-- /name -->`. */
function between(page: string, name: string, text: string): string {
  const place = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!place.test(page)) throw new Error(`README.md has no place <!-- ${name} -->…<!-- /${name} -->`);
  return page.replace(place, (_, start: string, end: string) => `${start}\n${text}\n${end}`);
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const stale = await staleFiles();
    for (const path of stale) console.error(`stale: ${path}`);
    if (stale.length > 0) {
      console.error('Type: npm run docs');
      process.exit(1);
    }
    console.log('generated files are fresh');
  } else {
    writeRegistry();
    const files = await generatedFiles();
    for (const path of orphans(files)) rmSync(join(ROOT, path));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), text);
    }
    console.log(`${files.size} files written`);
  }
}
