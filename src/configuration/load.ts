import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { type Configuration, targetWithoutSizes } from './configuration.ts';
import type { ConfigurationProblem, Known } from './parse.ts';
import type { FileConfiguration } from './schema.ts';
import type { ParsedSizes } from './sizes.ts';
import { dotEnvKind, SETTINGS, settingVariable, type Variables } from './variables.ts';

export const CONFIGURATION_FILES = ['migration.config.yml', 'migration.config.yaml'] as const;

export type LoadedConfiguration =
  | { readonly ok: true; readonly path?: string | undefined; readonly file?: FileConfiguration | undefined }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] };

const MOST_BYTES = 1_000_000;
const MOST_SIZES_BYTES = 20_000_000;

/**
 * The configuration file at the root of a repository, checked. No file is a good answer with nothing in it.
 * yaml and the schema are loaded only when there is a file: start-up time is benchmarked.
 */
export async function loadConfiguration(root: string, known: Known): Promise<LoadedConfiguration> {
  const found = CONFIGURATION_FILES.filter((name) => existsSync(join(root, name)));
  const [path, other] = found;
  if (path === undefined) return { ok: true };
  if (other !== undefined) return refused(path, `and ${other} both exist; keep one of them`);
  const text = readInside(root, path);
  if ('problem' in text) return refused(path, text.problem);
  const { parseConfiguration } = await import('./parse.ts');
  const parsed = parseConfiguration(text.text, { path, known });
  return parsed.ok ? { ok: true, path, file: parsed.configuration } : parsed;
}

/** What rules know of the target, from the sizes file that the configuration names, if it names one. */
export async function loadTarget(
  root: string,
  configuration: Pick<Configuration, 'sizes' | 'targetVersion'>,
): Promise<ParsedSizes> {
  const path = configuration.sizes;
  if (path === undefined) return { ok: true, target: targetWithoutSizes(configuration) };
  const text = existsSync(join(root, path))
    ? readInside(root, path, MOST_SIZES_BYTES)
    : { problem: 'does not exist; the configuration names it as sizes' };
  if ('problem' in text)
    return { ok: false, problems: [{ path, line: 1, column: 1, message: text.problem }] };
  const { parseSizes } = await import('./sizes.ts');
  return parseSizes(text.text, path, configuration.targetVersion);
}

/** Text of a file that the configuration names, by its path below the root, and of no file elsewhere. */
export function readProjectText(
  root: string,
  path: string,
): { readonly text: string } | { readonly problem: string } {
  return existsSync(join(root, path))
    ? readInside(root, path, MOST_SIZES_BYTES)
    : { problem: 'does not exist' };
}

type WithDotEnv =
  | {
      readonly env: Variables;
      /** Settings in `.env` that were not obeyed, and where they belong. */
      readonly ignored: readonly ConfigurationProblem[];
    }
  | { readonly problem: ConfigurationProblem };

/**
 * Real variables, and below them addresses and keys of `.env` at the root; see dotEnvKind. For the command line only:
 * in a pull request `.env` is a file of the change under review, and nothing of it is read.
 */
export async function withDotEnv(root: string, env: Variables): Promise<WithDotEnv> {
  const path = '.env';
  if (!existsSync(join(root, path))) return { env, ignored: [] };
  const text = readSmall(join(root, path));
  if ('problem' in text) return { problem: { path, line: 1, column: 1, message: text.problem } };
  const { parseEnv } = await import('node:util');
  const written = Object.entries(parseEnv(text.text));
  const taken = written.filter(([name]) => dotEnvKind(name) === 'secret');
  const ignored = written
    .filter(([name, value]) => dotEnvKind(name) === 'policy' && env[name] === undefined && value !== '')
    .map(([name]) => ({
      path,
      ...placeOf(name, text.text),
      message: `${name} is ignored: .env may hold addresses and keys, not settings; ${whereInstead(name)}`,
    }));
  return { env: { ...Object.fromEntries(taken), ...env }, ignored };
}

function placeOf(name: string, text: string): { line: number; column: number } {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.replace(/^\s*(?:export\s+)?/, '').startsWith(name));
  return { line: Math.max(at, 0) + 1, column: 1 };
}

function whereInstead(name: string): string {
  const setting = SETTINGS.find((candidate) => settingVariable(candidate) === name);
  const real = `set the variable in the environment`;
  return setting === undefined ? real : `write ${setting}: in ${CONFIGURATION_FILES[0]}, or ${real}`;
}

function refused(path: string, message: string): LoadedConfiguration {
  return { ok: false, problems: [{ path, line: 1, column: 1, message }] };
}

/** As readSmall, for a file that decides or is quoted: a link must not make it another than the one in the repository. */
function readInside(root: string, path: string, most = MOST_BYTES): ReturnType<typeof readSmall> {
  try {
    const [top, real] = [realpathSync(root), realpathSync(join(root, path))];
    const below = relative(top, real);
    if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below))
      return { problem: 'is a symbolic link that leads out of the project; put the file itself there' };
    return readSmall(real, most);
  } catch (error) {
    return { problem: whyUnreadable(error) };
  }
}

function readSmall(
  file: string,
  most = MOST_BYTES,
): { readonly text: string } | { readonly problem: string } {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) return { problem: 'is not a file' };
    if (stats.size > most) return { problem: `is larger than ${most / 1_000_000} MB (${stats.size} bytes)` };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) };
  } catch (error) {
    return { problem: whyUnreadable(error) };
  }
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'is not UTF-8 text';
  return code === 'EACCES' ? 'may not be read: permission denied' : `cannot be read (${code})`;
}
