import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProgram } from '../../../src/program.ts';
import type { Result } from '../../../src/report/result.ts';

export interface Project {
  readonly folder: string;
  write(path: string, text: string): void;
  /** `airlock prove --json` with these words. */
  prove(words: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<Result>;
  remove(): void;
}

/** A folder with files, proven in the chamber of `program`, with a cache of its own. */
export function projectWith(files: Readonly<Record<string, string>>, program: string): Project {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-project-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return {
    folder,
    write,
    async prove(words, env = {}) {
      let [out, err] = ['', ''];
      await runProgram(['prove', '--json', '--layout', 'airlock', '--cache-dir', 'cache', ...words], {
        cwd: folder,
        env: { PATH: process.env['PATH'], ...env },
        print: (text) => {
          out += text;
        },
        printError: (text) => {
          err += text;
        },
        colour: false,
        width: 100,
        now: () => new Date(),
        log: () => undefined,
        interruption: () => new AbortController().signal,
        chamber: program,
      });
      if (out === '') throw new Error(err);
      return JSON.parse(out) as Result;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function airlockFile(up: string, down = ''): string {
  return `-- UP\n${up}\n-- DOWN\n${down}\n`;
}
