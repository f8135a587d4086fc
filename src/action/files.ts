import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderJson } from '../report/json.ts';
import type { Result } from '../report/result.ts';
import { renderSarif, type SarifOptions } from '../report/sarif.ts';

/** Writes the result document and the SARIF file into a new folder below `temporary`; returns their paths. */
export async function writeFiles(
  temporary: string,
  result: Result,
  sarif: SarifOptions,
): Promise<{ readonly result: string; readonly sarif: string }> {
  const folder = await mkdtemp(join(temporary, 'airlock-report-'));
  const paths = { result: join(folder, 'airlock.json'), sarif: join(folder, 'airlock.sarif') };
  await writeFile(paths.result, renderJson(result));
  await writeFile(paths.sarif, renderSarif(result, sarif));
  return paths;
}
