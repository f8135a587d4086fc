import { type Detection, detectLayout } from '../migration/detect.ts';
import type { LayoutFolder } from '../migration/layout.ts';
import { listRepository } from './repository.ts';
import type { GitEnvironment } from './run-git.ts';

/** As detectLayout; what else the repository holds (go.mod, Cargo.toml …) settles names that several layouts share. */
export async function detectInRepository(
  folder: LayoutFolder,
  root: string,
  env: GitEnvironment,
): Promise<Detection> {
  const byFolder = detectLayout(folder);
  if (byFolder.status !== 'ambiguous') return byFolder;
  return detectLayout(folder, (await listRepository({ root, git: true }, env)).paths);
}
