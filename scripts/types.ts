import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * Writes the types of the library's door into `outdir`: index.d.ts, and the declarations that it names, directly or
 * not. Packages that they name are dependencies.
 *
 * @throws Error when the compiler gives none
 */
export function writeTypes(root: string, outdir: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-types-'));
  try {
    const settings = join(folder, 'tsconfig.json');
    const made = join(folder, 'made');
    const compilerOptions = {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: made,
      rootDir: join(root, 'src'),
      typeRoots: [join(root, 'node_modules/@types')],
    };
    writeFileSync(
      settings,
      JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [join(root, 'src')] }),
    );
    const compiler = join(root, 'node_modules/.bin/tsc');
    const { stdout } = spawnSync(compiler, ['-p', settings], { encoding: 'utf8' });
    const wanted = [join(made, 'index.d.ts')];
    // The list grows while it is walked.
    for (const path of wanted) {
      const text = read(path, stdout);
      const to = join(outdir, relative(made, path));
      mkdirSync(dirname(to), { recursive: true });
      // As every version of TypeScript finds them.
      writeFileSync(to, text.replaceAll(LOCAL, "$1'$2.js'"));
      for (const [, , name] of text.matchAll(LOCAL)) {
        const next = resolve(dirname(path), `${name}.d.ts`);
        if (!wanted.includes(next)) wanted.push(next);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const LOCAL = /(from |import\()'(\.[^']*)\.ts'/g;

function read(path: string, said: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`the compiler wrote no ${path}:\n${said}`, { cause });
  }
}
