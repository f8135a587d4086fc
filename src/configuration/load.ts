import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Configuration, targetWithoutSizes } from './configuration.ts';
import type { ConfigurationProblem, Known } from './parse.ts';
import type { FileConfiguration } from './schema.ts';
import type { ParsedSizes } from './sizes.ts';
import type { Variables } from './variables.ts';

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
  const text = readSmall(join(root, path));
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
    ? readSmall(join(root, path), MOST_SIZES_BYTES)
    : { problem: 'does not exist; the configuration names it as sizes' };
  if ('problem' in text)
    return { ok: false, problems: [{ path, line: 1, column: 1, message: text.problem }] };
  const { parseSizes } = await import('./sizes.ts');
  return parseSizes(text.text, path, configuration.targetVersion);
}

/**
 * Real variables, and below them those of `.env` at the root. For the command line only: in a pull request
 * `.env` is a file of the change under review, and decides nothing.
 */
export async function withDotEnv(
  root: string,
  env: Variables,
): Promise<{ readonly env: Variables } | { readonly problem: ConfigurationProblem }> {
  const path = '.env';
  if (!existsSync(join(root, path))) return { env };
  const text = readSmall(join(root, path));
  if ('problem' in text) return { problem: { path, line: 1, column: 1, message: text.problem } };
  const { parseEnv } = await import('node:util');
  return { env: { ...parseEnv(text.text), ...env } };
}

function refused(path: string, message: string): LoadedConfiguration {
  return { ok: false, problems: [{ path, line: 1, column: 1, message }] };
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { problem: 'is not UTF-8 text' };
    return { problem: code === 'EACCES' ? 'may not be read: permission denied' : `cannot be read (${code})` };
  }
}
