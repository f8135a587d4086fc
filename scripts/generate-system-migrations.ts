import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../migrations/', import.meta.url);
const OUT = fileURLToPath(new URL('../src/engine/system-migrations.ts', import.meta.url));

/** The files of `migrations/` as a module, so that dist/ needs no folder beside it. */
export function systemMigrationsModule(): string {
  const names = readdirSync(FOLDER)
    .filter((name) => /^[\w.]+\.sql$/.test(name))
    .sort();
  const files = names.map((name) => {
    const text = readFileSync(new URL(name, FOLDER), 'utf8');
    const escaped = text.replace(/\\|`|\$\{/g, (mark) => `\\${mark}`);
    return `  {\n    path: '${name}',\n    text: \`${escaped}\`,\n  },\n`;
  });
  return `// Written by scripts/generate-system-migrations.ts from migrations/*.sql: edit those.

/** The migrations of Airlock's own tables, in their order. */
export const systemMigrations: readonly { readonly path: string; readonly text: string }[] = [
${files.join('')}];
`;
}

if (import.meta.main) writeFileSync(OUT, systemMigrationsModule());
